import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { bearer, build, createDatabase, type Kunci, TestClock } from '../../helper.js'
import { profile, registerVerified } from '../../outlet/client.js'
import { layWire, type Wire } from '../../wire.js'
import { type RunningRedis, startRedis } from './running-redis.js'

/** Seconds, so few that a test can wait for longer. */
export const STALENESS = 5

export const UNAVAILABLE = { status: 503, message: 'Service unavailable' }

/** One instance that hears the database, and another whose ears can be closed. */
export async function hearingAndDeaf (t: Test): Promise<{ redis: RunningRedis, wire: Wire, hearing: Kunci, deaf: Kunci }> {
  const redis = await startRedis(t)
  const databaseUrl = await createDatabase(t)
  const wire = await layWire(t, databaseUrl)
  const shared = { databaseUrl, clock: new TestClock() }
  const env = { REDIS_URL: redis.url, REVOCATION_STALENESS: String(STALENESS) }
  const hearing = await build(t, env, shared)
  await registerVerified(hearing)
  const deaf = await build(t, { ...env, DATABASE_DIRECT_URL: wire.url }, shared)
  return { redis, wire, hearing, deaf }
}

export const signOut = async (kunci: Kunci, accessToken: string) => await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })

/** Asks until a token is answered so; the time limit of the test ends this otherwise. */
export async function until (kunci: Kunci, accessToken: string, status: number): Promise<void> {
  while ((await profile(kunci, accessToken)).statusCode !== status) await delay(20)
}
