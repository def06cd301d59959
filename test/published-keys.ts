import { createPublicKey, verify } from 'node:crypto'

export interface Jwk {
  kid: string
  [part: string]: string
}

const part = (token: string, at: 0 | 1) => JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString())

export const kidOf = (token: string): string => part(token, 0).kid

export const claimsOf = (token: string): { jti: string, iat: number, exp: number } => part(token, 1)

/** Verifies as a gateway would that has nothing but the published keys. */
export function verifiesWith (keys: readonly Jwk[], token: string): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const jwk = keys.find(key => key.kid === kidOf(token))
  if (jwk === undefined) return false
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const digest = jwk['alg'] === 'EdDSA' ? null : 'sha256'
  return verify(digest, Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
}
