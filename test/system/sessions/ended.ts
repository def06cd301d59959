import { setTimeout as wait } from 'node:timers/promises'
import type { Test } from 'tap'
import { tally } from './rounds.js'
import type { Pair } from './servers.js'

/** Every token of the sessions is refused on both instances. */
export async function assertEnded (t: Test, pair: Pair, sessions: ReadonlyArray<{ accessToken: string, cookie: string }>): Promise<void> {
  // What was revoked on one instance is known on the other within a second.
  await wait(1000)
  for (const server of pair) {
    t.same(tally(await Promise.all(sessions.map(async ({ accessToken }) => await server.profile(accessToken)))), { 401: sessions.length })
    t.same(tally(await Promise.all(sessions.map(async ({ cookie }) => (await server.refresh(cookie)).status))), { 401: sessions.length })
  }
}
