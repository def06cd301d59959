import { createHmac, sign } from 'node:crypto'
import type { Kunci } from '../helper.js'

/** What is left behind by refused tokens. */

/** @returns what the log says of each refused request, in their order */
export function logged ({ log }: Kunci): object[] {
  return log.map(line => JSON.parse(line)).filter(line => line.msg === 'refused').map(({ problem, reason, detail, account, session }) => ({ problem, reason, detail, account, session }))
}

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
