import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'

/** A server that runs as a process of its own. */
export interface Server {
  process: ChildProcess
  url: string
  lines: string[]
  errors: string[]
}

const settings = { PORT: '0', RATE_LIMIT: 'off', AUTH_SECRET: 'a secret for tests alone and of more than 32 bytes', PUBLIC_URL: 'http://auth.test' }

/**
 * Starts the server as a process of its own.
 *
 * @param command what starts it, if not Node.js itself
 */
export function start (t: Test, env: Record<string, string>, command = [process.execPath, 'build/src/server.js']): Server {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], ...settings, ...env }, stdio: ['ignore', 'pipe', 'pipe']
  })
  t.teardown(() => { child.kill('SIGKILL') })
  const server: Server = { process: child, url: '', lines: [], errors: [] }
  createInterface({ input: child.stdout }).on('line', line => { server.lines.push(line) })
  createInterface({ input: child.stderr }).on('line', line => { server.errors.push(line) })
  return server
}

/** Waits until it listens; @returns the same, with its URL */
export async function listening (server: Server): Promise<Server> {
  for (;;) {
    const line = server.lines.find(text => text.includes('Server listening at'))
    if (line !== undefined) return Object.assign(server, { url: /http:\/\/[\w.:]+/.exec(line)?.[0] ?? '' })
    if (server.process.exitCode !== null) throw new Error(server.errors.join('\n'))
    await Promise.race([once(server.process.stdout ?? server.process, 'data'), once(server.process, 'exit')])
  }
}
