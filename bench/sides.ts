import { createRequire } from 'node:module'
import { join } from 'node:path'
import type postgres from 'postgres'
import { createReferenceSigner } from '../src/domain/signed-reference.js'
import type { Chain } from './load.js'
import { emailOf, PASSWORD, type Population } from './population.js'
import { type RunningServer, startServer } from './server.js'

const SECRET = 'a secret of the measurements alone and longer than 32 bytes'
const json = { 'content-type': 'application/json' }

/** A session as its client knows it. */
interface HeldSession {
  id: string
  cookie: string
}

/** A server under measurement, and how one of its clients goes about each path. */
export interface Side {
  name: 'kunci' | 'reference'
  server: RunningServer
  /** Signs in, for an access token. */
  token: (account: number) => Promise<string>
  paths: { login: string, refresh: string, profile: string, verify: string, 'verify-token': string }
  cookieName: string
  /** Takes sessions of these numbers over from whoever had them: what they present is good from now on. */
  hold: (numbers: number[]) => Promise<HeldSession[]>
}

export interface SidesOptions {
  databaseUrl: string
  sql: postgres.Sql
  population: Population
  /** where logs and files go */
  folder: string
  /** where Kunci's CPU profiles go */
  profile: string | undefined
}

/** What `npm start` runs. */
const { scripts } = createRequire(import.meta.url)('#package') as { scripts: { start: string } }
const [, ...startArguments] = scripts.start.split(' ')

/** Starts Kunci as production has it, but without limits on attempts; its log goes to a file. */
export async function startKunci ({ databaseUrl, sql, population, folder, profile }: SidesOptions): Promise<Side> {
  const references = createReferenceSigner([SECRET])
  const server = await startServer({
    args: [...profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`], ...startArguments],
    env: { DATABASE_URL: databaseUrl, AUTH_SECRET: SECRET, RATE_LIMIT: 'off', LOG_LEVEL: 'info', DATA_DIR: join(folder, 'kunci') },
    ready: '/health/ready',
    log: join(folder, 'kunci.log')
  })
  return {
    name: 'kunci',
    server,
    paths: { login: '/auth/login', refresh: '/auth/refresh', profile: '/auth/profile', verify: '/gateway/verify', 'verify-token': '/donation/auth/verify-token' },
    cookieName: 'refresh_token',
    token: async account => await signIn(server, '/auth/login', account),
    async hold (numbers) {
      const rows = await sql<Array<{ userId: string, id: string, generation: number }>>`
        select s.user_id as "userId", s.id, s.generation from unnest(${numbers}::bigint[]) n
        join sessions s on (s.user_id, s.id) = (bench.row_id('user', n % ${population.accounts}), bench.row_id('session', n))`
      return rows.map(({ userId, id, generation }) => ({ id, cookie: references.sign('refresh:outlet', { accountId: userId, rowId: id, counter: generation }) }))
    }
  }
}

export async function startReference ({ databaseUrl, sql, folder }: SidesOptions): Promise<Side> {
  const server = await startServer({ args: [new URL('reference.js', import.meta.url).pathname], env: { DATABASE_URL: databaseUrl }, ready: '/ready', log: join(folder, 'reference.log') })
  return {
    name: 'reference',
    server,
    paths: { login: '/login', refresh: '/refresh', profile: '/profile', verify: '/verify', 'verify-token': '/profile' },
    cookieName: 'reference',
    token: async account => await signIn(server, '/login', account),
    async hold (numbers) {
      const rows = await sql<Array<{ id: string }>>`
        update reference.sessions set secret_hash = sha256(id::text::bytea)
        where id in (select bench.row_id('session', n) from unnest(${numbers}::bigint[]) n) returning id`
      return rows.map(({ id }) => ({ id, cookie: `${id}.${id}` }))
    }
  }
}

async function signIn (server: RunningServer, path: string, account: number): Promise<string> {
  const response = await fetch(server.url + path, { method: 'POST', headers: json, body: JSON.stringify({ email: emailOf(account), password: PASSWORD }) })
  const body = await response.json() as { access_token?: string, data?: { access_token?: string, token?: string } }
  const token = body.access_token ?? body.data?.access_token ?? body.data?.token
  if (token === undefined) throw new Error(`${path} answered ${response.status} and no token`)
  return token
}

/** Signs in at Kunci's donation contract, whose tokens are good there alone. */
export async function donationToken ({ server }: Side, account: number): Promise<string> {
  return await signIn(server, '/donation/auth/login', account)
}

export function loginChain ({ paths }: Side, account: number): Chain {
  return { next: { method: 'POST', path: paths.login, headers: json, body: JSON.stringify({ email: emailOf(account), password: PASSWORD }) } }
}

export function bearerChain (path: string, token: string): Chain {
  return { next: { method: 'GET', path, headers: { authorization: `Bearer ${token}` } } }
}

/** One browser after another, each with the cookie that it was given last. */
export function refreshChain ({ paths, cookieName }: Side, sessions: HeldSession[]): Chain {
  let turn = 0
  const prefix = `${cookieName}=`
  return {
    next () {
      const { cookie = '' } = sessions[turn] ?? {}
      return { method: 'POST', path: paths.refresh, headers: { cookie: prefix + cookie } }
    },
    seen (_status, _body, headers) {
      const held = sessions[turn]
      const set = [headers['set-cookie'] ?? headers['Set-Cookie'] ?? []].flat().find(value => value.startsWith(prefix))
      if (held !== undefined && set !== undefined) held.cookie = set.slice(prefix.length, set.indexOf(';'))
      turn = (turn + 1) % sessions.length
    }
  }
}
