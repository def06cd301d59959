import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface Wire {
  /** leads to the same database */
  url: string
  /** Closes its connections and refuses new ones. */
  cut: () => Promise<void>
  /** Keeps its connections and takes new ones, and nothing passes on any of them, ever. */
  freeze: () => void
  /** Whole again for connections to come. */
  mend: () => Promise<void>
}

/** A wire of the test's own to a database, which can be cut; it goes with the test. */
export async function layWire (t: Test, databaseUrl: string): Promise<Wire> {
  const { hostname, port } = new URL(databaseUrl)
  const strands = new Set<{ near: Socket, far: Socket, isFrozen: boolean }>()
  let isFrozen = false
  let server: Server | undefined

  function join (near: Socket): void {
    const far = connect(Number(port), hostname)
    const strand = { near, far, isFrozen }
    strands.add(strand)
    for (const [from, to] of [[near, far], [far, near]] as const) {
      from.on('data', data => { if (!strand.isFrozen) to.write(data) })
      from.on('error', () => {}).on('close', () => {
        strands.delete(strand)
        to.destroy()
      })
    }
  }

  async function listen (at: number): Promise<number> {
    server = createServer(join).listen(at, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  async function cut (): Promise<void> {
    const closing = server
    server = undefined
    for (const { near } of strands) near.destroy()
    if (closing === undefined) return
    closing.close()
    await once(closing, 'close')
  }

  const own = await listen(0)
  t.teardown(cut)
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${own}`
  return {
    url: url.href,
    cut,
    freeze () {
      isFrozen = true
      for (const strand of strands) strand.isFrozen = true
    },
    async mend () {
      isFrozen = false
      if (server === undefined) await listen(own)
    }
  }
}
