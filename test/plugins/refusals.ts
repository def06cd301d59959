import { createHmac, randomUUID, sign } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { bearer, type Kunci } from '../helper.js'
import { login, registerVerified } from '../outlet/client.js'

/** What is left behind by refused tokens. */

/** @returns what the log says of each refused request, in their order */
export function logged ({ log }: Kunci): object[] {
  return log.map(line => JSON.parse(line)).filter(line => line.msg === 'refused').map(({ problem, reason, detail, account, session }) => ({ problem, reason, detail, account, session }))
}

/** Closes the application, which writes what it still has to, and @returns the events of refused tokens by session, each with all that it tells. */
export async function events (...instances: [Kunci, ...Kunci[]]): Promise<Array<Record<string, unknown>>> {
  for (const { app } of instances) await app.close()
  const rows = await instances[0].sql`
    select type, contract, user_id, session_id, reason, token_kind, ip, user_agent, issued, created_at from audit_events
    where type = 'token.refused' order by session_id nulls first, user_id, reason`
  return rows.map(row => ({ ...row }))
}

/** Waits until so many events of refused tokens stand there, at most ten seconds. */
export async function written ({ sql }: Kunci, count: number): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end; await delay(5)) {
    if ((await sql`select from audit_events where type = 'token.refused'`).length >= count) return
  }
  throw new Error(`${count} events of refused tokens never stood there`)
}

/** @returns what events have in common when nothing is said of who asked */
export const byInjection = { type: 'token.refused', ip: '127.0.0.1', user_agent: 'lightMyRequest', issued: null }

/** @returns the account's and the session's id of an access token */
export function holderOf (accessToken: string): { user_id: string, session_id: string } {
  const { sub, sid } = claimsOf(accessToken)
  return { user_id: String(sub), session_id: String(sid) }
}

/** @returns an access token with other claims, signed by the server's own key, as nobody outside could make it */
export function resigned ({ app }: Kunci, accessToken: string, claims: object): string {
  const input = inputWith(accessToken, claims)
  return `${input}.${sign('sha256', Buffer.from(input), { key: app.keys.current().privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** @returns the same as anybody could make it */
export function forged (accessToken: string, claims: object): string {
  const input = inputWith(accessToken, claims)
  return `${input}.${createHmac('sha512', 'a key of their own').update(input).digest('base64url')}`
}

function inputWith (accessToken: string, claims: object): string {
  return `${accessToken.split('.')[0]}.${Buffer.from(JSON.stringify({ ...claimsOf(accessToken), ...claims })).toString('base64url')}`
}

function claimsOf (accessToken: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
}

/** @returns an authentic token of a session of its own that is good in another contract */
export function foreign (kunci: Kunci, accessToken: string): string {
  return resigned(kunci, accessToken, { sid: randomUUID(), aud: 'signin' })
}

/** @returns the access token of a session that has ended, and the event of its refusal */
export async function signedOut (kunci: Kunci) {
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
  return { accessToken, row: { ...byInjection, contract: 'outlet', ...holderOf(accessToken), token_kind: 'access', reason: 'revoked', created_at: kunci.clock.now } }
}

/** @returns how many refused tokens could not be recorded */
export function failures ({ log }: Kunci): number {
  return log.map(line => JSON.parse(line)).filter(line => line.msg === 'refused tokens could not be recorded').reduce((sum, line) => sum + line.refused, 0)
}
