import { KunciError, NetworkError } from '../src/client/client.js'
import { settings } from './settings.js'

/** What two mails of other contracts ask for, at the endpoints of those contracts. */

type Contract = 'donation' | 'member'

/** @returns whether the server serves a contract */
export function isServed (contract: Contract): boolean {
  return settings.contracts[contract] !== undefined
}

/** Takes a former address back by the token that donation mailed there. */
export async function restoreEmail (token: string): Promise<void> {
  try {
    await post('donation', '/restore-email', { token })
  } catch (error) {
    // Its sentences are another contract's, which these pages do not know.
    throw error instanceof KunciError && [400, 401].includes(error.status) ? new KunciError(400, 'Invalid restore token', [], undefined) : error
  }
}

/** Proves the token that member mailed, and chooses a password by it. */
export async function recoverAccount (token: string, password: string): Promise<void> {
  await post('member', '/verify-email', { token })
  await post('member', '/reset-password', { token, password })
}

async function post (contract: Contract, path: string, body: object): Promise<void> {
  let answer: Response
  try {
    answer = await fetch(`${settings.contracts[contract] ?? ''}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), credentials: 'omit' })
  } catch (cause) {
    throw new NetworkError('The server was not reached', { cause })
  }
  if (answer.ok) return
  const { message = '', errors = [] } = await answer.json().catch(() => ({})) as { message?: string, errors?: string[] }
  throw new KunciError(answer.status, message, errors, Number(answer.headers.get('retry-after')) || undefined)
}
