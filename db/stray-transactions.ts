import { setTimeout as delay } from 'node:timers/promises'
import type postgres from 'postgres'

/** When the pool is looked through after the fault, in milliseconds after the time before: at once, and for whatever was busy. */
const LOOKS = [0, 20, 100, 500, 2000]

/**
 * Guards against a fault of the driver (porsager/postgres#1189 and #1207): when BEGIN fills what it sends ahead on one connection, or
 * the socket asks to wait, it forgets to reserve that connection. It refuses a transaction that it has itself begun (`UNSAFE_TRANSACTION`) and
 * gives the connection back with that transaction open. What is then written there alone is acknowledged, and lost when the
 * transaction ends with its connection. So it is committed on every connection of the pool that no transaction holds; where
 * none is open, that does nothing.
 *
 * @param client whose pool has `size` connections
 * @returns the same client
 */
export function withoutStrayTransactions (client: postgres.Sql, size: number): postgres.Sql {
  const ask: (...args: Parameters<typeof client.unsafe>) => ReturnType<typeof client.unsafe> = client.unsafe

  async function commitStray (): Promise<void> {
    for (const wait of LOOKS) {
      await delay(wait, undefined, { ref: false })
      await Promise.allSettled(Array.from({ length: size }, async () => await ask('commit')))
    }
  }

  return Object.assign(client, {
    unsafe (...args: Parameters<typeof client.unsafe>) {
      const query = ask(...args)
      if (args[0].startsWith('begin ')) {
        query.catch((error: unknown) => {
          if (error instanceof Error && 'code' in error && error.code === 'UNSAFE_TRANSACTION') void commitStray()
        })
      }
      return query
    }
  })
}
