import postgres from 'postgres'

/** A connection of its own that listens (LISTEN), and finds its way back after it was lost. */
export interface Notifications {
  close: () => Promise<void>
}

/**
 * Listens on channels of a PostgreSQL database.
 *
 * @param url postgres:// URL that reaches the database without a pooler in between
 * @param channels what to do with a payload, by channel
 * @param onListening called whenever it begins to listen, again after each lost connection: what was said in between is missed
 */
export async function openNotifications (url: string, channels: Readonly<Record<string, (payload: string) => void>>, onListening: () => void): Promise<Notifications> {
  const client = postgres(url, {
    max: 1,
    connection: { application_name: 'kunci notifications' },
    connect_timeout: 5,
    backoff: attempt => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => {}
  })
  const names = Object.keys(channels)
  let listening = 0
  for (const name of names) {
    await client.listen(name, payload => { channels[name]?.(payload) }, () => {
      listening += 1
      if (listening % names.length === 0) onListening()
    })
  }
  return { close: async () => await client.end({ timeout: 1 }) }
}
