import { connect, type Socket } from 'node:net'
import postgres from 'postgres'

/** A connection of its own that listens (LISTEN), and finds its way back after it was lost. */
export interface Notifications {
  /** Gives up a connection that may be dead without knowing, for another one. */
  reconnect: () => void
  close: () => Promise<void>
}

/** What the driver knows of the server when it asks for a socket; a URL may name several hosts. */
interface Address {
  host: string[]
  port: number[]
  /** of a Unix socket */
  path: string | false
}

/**
 * Listens on channels of a PostgreSQL database.
 *
 * @param url postgres:// URL that reaches the database without a pooler in between
 * @param channels what to do with a payload, by channel
 * @param onListening called whenever it begins to listen, again after each lost connection: what was said in between is missed
 */
export async function openNotifications (url: string, channels: Readonly<Record<string, (payload: string) => void>>, onListening: () => void): Promise<Notifications> {
  let current: Socket | undefined
  let attempts = 0
  let isClosed = false
  const options = {
    max: 1,
    connection: { application_name: 'kunci notifications' },
    connect_timeout: 5,
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => {},
    // There is no other way to the socket, nor to keep a driver that is closed while it waits from connecting once more.
    socket ({ host, port, path }: Address): Socket {
      if (isClosed) throw new Error('nobody listens any more')
      const [name = '', at = 0] = [host[attempts % host.length], port[attempts % port.length]]
      attempts++
      current = path === false ? connect(at, name) : connect(path)
      // The driver's TLS looks for the name there.
      return Object.assign(current, { host: name, port: at })
    }
  }
  const client = postgres(url, options)
  async function close (): Promise<void> {
    isClosed = true
    await client.end({ timeout: 1 })
  }

  const names = Object.keys(channels)
  let listening = 0
  try {
    for (const name of names) {
      await client.listen(name, payload => { channels[name]?.(payload) }, () => {
        listening += 1
        if (listening % names.length === 0) onListening()
      })
    }
  } catch (error) {
    await close()
    throw error
  }
  return { reconnect: () => { current?.destroy() }, close }
}
