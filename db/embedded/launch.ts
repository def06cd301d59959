import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Binaries } from './binaries.js'
import { childEnvironment } from './command.js'
import type { Location } from './location.js'
import { lastLogLines, openLog } from './log.js'

/** A server process that was started; others may be alive on the same data folder. */
export interface Launch {
  /** Why it ended, such as `exit code 1`; undefined while it runs. */
  ended: () => string | undefined
  /** What it has written to the log, the last lines only. */
  lastLines: () => Promise<string>
}

export interface LaunchOptions {
  binaries: Binaries
  location: Location
  /** Server settings by name, with PostgreSQL's units, over the ones below. */
  settings: Record<string, string>
  /** The port to take if it is free. */
  preferredPort: number | undefined
}

const ownSettings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '100', shared_buffers: '128MB' }

/**
 * Starts the server in a session of its own, so that Ctrl-C does not reach it and it outlives this process. It does not wait.
 * @returns the started process
 * @throws a system error if the log can't be written
 */
export async function launch ({ binaries, location: { dataDir, folder, account }, settings, preferredPort }: LaunchOptions): Promise<Launch> {
  const port = await freePort(preferredPort)
  const log = await openLog(dataDir)
  const start = (await log.stat()).size
  const args = Object.entries({ ...ownSettings, ...settings, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(binaries.folder, 'bin', 'postgres'), ['-D', folder, ...args], {
    ...account, cwd: binaries.folder, env: childEnvironment, detached: true, windowsHide: true, stdio: ['ignore', log.fd, log.fd]
  })
  let ended: string | undefined
  server.once('error', (error) => { ended = error.message })
  server.once('exit', (code, signal) => { ended ??= code === null ? `signal ${signal}` : `exit code ${code}` })
  server.unref()
  await log.close()
  return { ended: () => ended, lastLines: async () => await lastLogLines(dataDir, start, server.pid) }
}

/** Where a port is sought: below those that systems hand out by themselves, so that nothing takes it while the server restarts. */
const PORTS = { from: 15_000, to: 30_000, attempts: 20 }

/** @returns the preferred port if it is free, else one of ours, else whatever the system has left */
async function freePort (preferred?: number): Promise<number> {
  const ours = Array.from({ length: PORTS.attempts }, () => randomInt(PORTS.from, PORTS.to))
  for (const port of [...preferred === undefined ? [] : [preferred], ...ours]) {
    const free = await tryPort(port).catch(() => undefined)
    if (free !== undefined) return free
  }
  return await tryPort(0)
}

async function tryPort (port: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address()
      server.close(() => { resolve(typeof address === 'object' && address !== null ? address.port : 0) })
    })
  })
}
