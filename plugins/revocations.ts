import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import fp from 'fastify-plugin'
import { openNotifications } from '../db/notifications.js'
import { databaseFailure } from '../db/failure.js'
import type { AccessClaims } from '../src/domain/access-claims.js'
import { parseRevocation, readRevocations, readRevocationsOf, readRevocationsOfRoles, REVOCATIONS_CHANNEL } from '../src/domain/revocation-feed.js'
import { createRevocationList, type ListedContract, type Revocation } from '../src/domain/revocation-list.js'
import { RevocationsStaleError } from './errors.js'

declare module 'fastify' {
  interface FastifyInstance {
    revocations: {
      /**
       * @returns why a verified access token is void, undefined when it is not
       * @throws RevocationsStaleError when the feed has been out of touch for too long to tell
       */
      reasonFor: (claims: AccessClaims) => string | undefined
      /** @returns whether a token goes on though the roles that it names are no longer those of its account */
      hasOtherRoles: (claims: AccessClaims) => boolean
      /** @returns whether the feed is in touch */
      isCurrent: () => boolean
      /** Takes in at once what this instance has just done to an account; where that fails, the feed brings it. */
      settle: (accountId: string) => Promise<void>
      /** The same for what it has just done to a role. */
      settleRoles: () => Promise<void>
    }
  }
}

export interface RevocationsOptions {
  /** seconds without a heartbeat of its own after which the feed is out of touch */
  staleness: number
  contracts: readonly ListedContract[]
}

/** How often the feed proves to itself that it is heard, in milliseconds. */
const EVERY = 1000

/**
 * Knows which access tokens are void, without a query for each: the database announces every revocation to all instances.
 * The feed trusts itself only while its own heartbeats come back; when they do not, it fails closed.
 */
export default fp<RevocationsOptions>(async (app, { staleness, contracts }) => {
  const list = createRevocationList(contracts)
  const longest = Math.max(0, ...contracts.map(contract => contract.accessLifetime))
  const heartbeats = `kunci_heartbeat_${randomUUID().replaceAll('-', '')}`
  // When the newest heartbeat that came back was sent; a clock that nobody sets.
  let heard = -Infinity
  let catchingUp: Promise<void> = Promise.resolve()
  let missed = true

  async function catchUp (): Promise<void> {
    const away = heard === -Infinity ? longest : (performance.now() - heard) / 1000
    const entries = await readRevocations(app.db, Math.min(away, longest))
    for (const entry of entries) list.add(entry, app.clock())
    missed = false
  }

  function onListening (): void {
    missed = true
    catchingUp = catchUp().catch((error: unknown) => {
      app.log.error({ database: databaseFailure(error)?.code }, 'revocations could not be caught up with')
    })
  }

  const notifications = await openNotifications(app.directUrl, {
    [REVOCATIONS_CHANNEL]: payload => {
      const entry = parseRevocation(payload)
      if (entry === undefined) app.log.warn('what was announced is no revocation')
      else list.add(entry, app.clock())
    },
    // Until what was missed is caught up with, being heard proves nothing.
    [heartbeats]: sentAt => { if (!missed) heard = Math.max(heard, Number(sentAt)) }
  }, onListening)

  async function beat (): Promise<void> {
    if (missed) onListening()
    await catchingUp
    await app.db.execute(sql`select pg_notify(${heartbeats}, ${String(performance.now())})`)
    list.prune(app.clock())
  }

  const isCurrent = () => performance.now() - heard <= staleness * 1000

  let openedAt = performance.now()
  await catchingUp
  heard = performance.now()

  /** Whoever is dead without knowing hears nothing: there is another connection well before the feed is out of touch. */
  function giveUpDeadConnection (): void {
    const now = performance.now()
    if (now - Math.max(heard, openedAt) <= staleness * 500 + EVERY) return
    openedAt = now
    notifications.reconnect()
  }

  const ending = new AbortController()
  async function work (): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        await beat()
        giveUpDeadConnection()
      } catch (error) {
        app.log.warn({ database: databaseFailure(error)?.code }, 'the revocation feed is out of touch')
      }
      await delay(EVERY, undefined, { signal: ending.signal }).catch(() => {})
    }
  }
  const working = work()
  app.addHook('onClose', async () => {
    ending.abort()
    await working
    await notifications.close()
  })

  app.decorate('revocations', {
    reasonFor (claims) {
      if (!isCurrent()) throw new RevocationsStaleError()
      return list.reasonFor(claims)
    },
    hasOtherRoles: list.hasOtherRoles,
    isCurrent,
    settle: async accountId => { await takeIn(readRevocationsOf(app.db, accountId)) },
    settleRoles: async () => { await takeIn(readRevocationsOfRoles(app.db)) }
  })

  async function takeIn (reading: Promise<Revocation[]>): Promise<void> {
    const entries = await reading.catch(() => [])
    for (const entry of entries) list.add(entry, app.clock())
  }

  // A revocation holds here before whoever asked for it hears that it was done.
  app.addHook('onSend', async request => {
    const { subject } = request
    if (subject === null || subject.isGranted === true || request.method === 'GET') return
    await app.revocations.settle(subject.accountId)
  })
}, { name: 'revocations', dependencies: ['clock', 'database', 'request-log'] })
