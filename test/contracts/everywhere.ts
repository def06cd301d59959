import type { Test } from 'tap'
import { build, type Kunci } from '../helper.js'
import { registerVerified } from '../outlet/client.js'
import { allTokens, me, type Name, names, person, refresh, refreshing, register, type Tokens, wires } from './clients.js'
import { failed, failing } from './failures.js'

export const owner = person('siti')

/** An account with a session of each contract, and somebody else's session, which nothing that the account does may touch. */
export async function everywhere (t: Test): Promise<{ kunci: Kunci, tokens: Record<Name, Tokens>, bystander: Tokens }> {
  const kunci = await build(t, { CONTRACTS: '' })
  await registerVerified(kunci, owner.email, owner.username)
  const tokens = await allTokens(kunci, owner)
  const bystander = wires.console.tokens(await register(kunci, 'console', person('budi')))
  kunci.clock.advance(60)
  return { kunci, tokens, bystander }
}

/** Asserts which sessions have ended, by their access and refresh tokens. */
export async function ended (t: Test, kunci: Kunci, tokens: Record<Name, Tokens>, over: readonly Name[]): Promise<void> {
  for (const name of names) {
    const response = await me(kunci, name, tokens[name].access)
    if (over.includes(name)) t.strictSame(failed(response), failing(name, 'invalid_access_token'), name)
    else t.equal(response.statusCode, 200, name)
  }
  for (const name of refreshing) {
    const response = await refresh(kunci, name, tokens[name].refresh)
    if (over.includes(name)) t.strictSame(failed(response), failing(name, 'invalid_refresh_token'), name)
    else t.equal(response.statusCode, 200, name)
  }
}

/** @returns all contracts but one */
export const but = (name: Name): Name[] => names.filter(other => other !== name)
