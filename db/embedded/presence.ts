import postgres from 'postgres'

/** "kunci" in ASCII: the key of the advisory lock that every user of the cluster shares. */
const lockKey = '461531669353'

/** One user's place in the cluster, held by one session. */
export interface Presence {
  /**
   * Gives up the place.
   * @returns true if nobody else is present: nobody can enter then until `close`, so that the server can be stopped
   */
  leave: () => Promise<boolean>
  /** Ends the session, whether the server is alive or not. */
  close: () => Promise<void>
}

/**
 * Enters the cluster: takes the shared lock in a session that lasts as long as the presence does. If the server drops it and lives
 * on (it restarts its sessions when one of them crashes), the lock is taken again.
 * @param url postgres:// URL of the database
 * @returns the presence; it counts only if the server is not stopping already
 * @throws the error of postgres.js if the server does not let the session in
 */
export async function enter (url: string): Promise<Presence> {
  let present = false
  const sql = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 5,
    backoff: false,
    fetch_types: false,
    prepare: false,
    onnotice: () => {},
    onclose: () => {
      if (present) setTimeout(() => { if (present) takePlace().catch(() => {}) }, 500).unref()
    },
    connection: { application_name: 'kunci presence', idle_session_timeout: 0, lock_timeout: 5000 }
  })
  const takePlace = async () => await sql`select pg_advisory_lock_shared(${lockKey})`
  const close = async () => {
    present = false
    await sql.end({ timeout: 0 })
  }
  try {
    await takePlace()
    present = true
  } catch (error) {
    await close()
    throw error
  }
  return {
    close,
    leave: async () => {
      present = false
      try {
        // All, since the place may have been taken again; released first, or two who leave at once would both find somebody there.
        await sql`select pg_advisory_unlock_all()`
        const [row] = await sql<{ alone: boolean }[]>`select pg_try_advisory_lock(${lockKey}) as alone`
        return row?.alone === true
      } catch {
        return false
      }
    }
  }
}

/**
 * Makes the database of the URL unless another start has done so.
 * @param url postgres:// URL of the missing database, whose user may make it
 * @throws the error of postgres.js if the server refuses
 */
export async function createDatabase (url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  const maintenance = Object.assign(new URL(url), { pathname: '/postgres' })
  const sql = postgres(maintenance.href, { max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => {} })
  try {
    await sql`create database ${sql(name)}`
  } catch (error) {
    const exists = error instanceof postgres.PostgresError && ['42P04', '23505'].includes(error.code)
    if (!exists) throw error
  } finally {
    await sql.end({ timeout: 0 })
  }
}
