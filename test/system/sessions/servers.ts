import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { createFolder } from '../../folder.js'
import { createDatabase } from '../../helper.js'
import type { Jwk } from '../../published-keys.js'
import { listeningUrl } from '../listening-url.js'

const account = { email: 'siti@example.com', password: 'Password123!' }

export interface Refreshed {
  status: number
  /** the refresh token that was set; empty when none was */
  cookie: string
  accessToken: string
}

/** A server in a process of its own, and what an application of the outlet contract asks of it. */
export class Server {
  readonly #env: NodeJS.ProcessEnv
  #process: ChildProcessByStdio<null, Readable, null> | undefined
  #url = ''

  constructor (env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  async start (): Promise<void> {
    this.#process = spawn(process.execPath, ['dist/src/server.js'], { env: this.#env, stdio: ['ignore', 'pipe', 'inherit'] })
    this.#url = await listeningUrl(this.#process)
  }

  /** @param signal `SIGKILL` ends it as a crash would */
  async stop (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#process === undefined) return
    const exited = once(this.#process, 'exit')
    this.#process.kill(signal)
    this.#process = undefined
    await exited
    // Its port may be another's from now on.
    this.#url = ''
  }

  /** Moves its clock on, where it was started with `CLOCK_AHEAD`. */
  moveClock (): void {
    this.#process?.kill('SIGALRM')
  }

  /** Runs the command line on the same installation. */
  async command (...args: string[]): Promise<string> {
    return (await promisify(execFile)(process.execPath, ['dist/src/cli.js', ...args], { env: this.#env })).stdout
  }

  async login (): Promise<{ accessToken: string, cookie: string }> {
    const response = await fetch(`${this.#url}/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(account) })
    const { data } = await response.json() as { data: { access_token: string } }
    return { accessToken: data.access_token, cookie: cookieOf(response) }
  }

  async refresh (cookie: string): Promise<Refreshed> {
    const response = await fetch(`${this.#url}/auth/refresh`, { method: 'POST', headers: { cookie: `refresh_token=${cookie}` } })
    const body = await response.json() as { access_token?: string }
    return { status: response.status, cookie: cookieOf(response), accessToken: body.access_token ?? '' }
  }

  async logout (accessToken: string): Promise<number> {
    return await this.#statusOf('POST', '/auth/logout', accessToken)
  }

  async profile (accessToken: string): Promise<number> {
    return await this.#statusOf('GET', '/auth/profile', accessToken)
  }

  /** @returns the published keys, and the seconds for which they may be kept */
  async keys (): Promise<{ keys: Jwk[], maxAge: number }> {
    const response = await fetch(`${this.#url}/.well-known/jwks.json`)
    const { keys } = await response.json() as { keys: Jwk[] }
    return { keys, maxAge: Number(/max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1]) }
  }

  async #statusOf (method: string, path: string, accessToken: string): Promise<number> {
    const response = await fetch(this.#url + path, { method, headers: { authorization: `Bearer ${accessToken}` } })
    await response.arrayBuffer()
    return response.status
  }
}

export type Pair = [Server, Server]

/**
 * Two instances on one database, a new one unless it is named.
 *
 * @param clock where the clock of the second's machine goes, as moved-clock.ts takes it
 */
export async function startPair (t: Test, env: Record<string, string> = {}, clock?: string): Promise<Pair> {
  const shared = {
    PATH: process.env['PATH'],
    PORT: '0',
    DATABASE_URL: env['DATABASE_URL'] ?? await createDatabase(t),
    DATA_DIR: await createFolder(t),
    AUTH_SECRET: 'a secret for tests alone and of more than 32 bytes',
    PUBLIC_URL: 'http://auth.test',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'info',
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    ...env
  }
  const pair: Pair = [new Server(shared), new Server({ ...shared, ...clock === undefined ? {} : movedClock(clock) })]
  t.teardown(async () => { await Promise.all(pair.map(async server => { await server.stop() })) })
  for (const server of pair) await server.start()
  return pair
}

function movedClock (ahead: string): NodeJS.ProcessEnv {
  return { CLOCK_AHEAD: ahead, NODE_OPTIONS: `--import=${new URL('moved-clock.js', import.meta.url).href}` }
}

function cookieOf (response: Response): string {
  return /^refresh_token=([\w-]*)/.exec(response.headers.getSetCookie()[0] ?? '')?.[1] ?? ''
}
