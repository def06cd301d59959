import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import fp from 'fastify-plugin'
import { databaseFailure } from '../db/failure.js'
import { openNotifications } from '../db/notifications.js'
import type { AccessClaims } from '../src/domain/access-claims.js'
import { ATTESTATION_REQUESTS_CHANNEL } from '../src/domain/attested-heartbeat.js'
import { parseRevocation, readRevocations, readRevocationsOf, readRevocationsOfRoles, REVOCATIONS_CHANNEL } from '../src/domain/revocation-feed.js'
import { createRevocationList, type ListedContract, type Revocation } from '../src/domain/revocation-list.js'
import { RevocationsStaleError } from './errors.js'
import { createRevocationRelay } from './revocation-relay.js'

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

/** Milliseconds without a heartbeat from the database after which the others are asked for what it says. */
const OVERDUE = 2000

/**
 * Knows which access tokens are void, without a query for each: the database announces every revocation to all instances,
 * and those that hear it tell the others by Redis. The feed trusts itself only while its own heartbeats come back by one
 * of both ways; when they do not, it fails closed.
 */
export default fp<RevocationsOptions>(async (app, { staleness, contracts }) => {
  const list = createRevocationList(contracts)
  const longest = Math.max(0, ...contracts.map(contract => contract.accessLifetime))
  const heartbeats = `kunci_heartbeat_${randomUUID().replaceAll('-', '')}`
  // Moments of a clock that nobody sets: when the newest heartbeat was sent that came back from the database, and that came
  // back at all; and before when everything is known.
  let heardFromDatabase = -Infinity
  let heard = -Infinity
  let complete = -Infinity
  let catchingUp: Promise<void> = Promise.resolve()
  let missed = true
  let connections = 0
  let isOverdue = false

  const takeIn = (entry: Revocation) => { list.add(entry, app.clock()) }

  function onHeartbeat (sentAt: number): void {
    heard = Math.max(heard, sentAt)
    complete = Math.max(complete, sentAt)
  }

  async function catchUp (): Promise<void> {
    const began = performance.now()
    const away = complete === -Infinity ? longest : (began - complete) / 1000
    for (const entry of await readRevocations(app.db, Math.min(away, longest))) takeIn(entry)
    complete = Math.max(complete, began)
  }

  const relay = app.redis === undefined ? undefined : createRevocationRelay(app.redis, app.log, { takeIn, onHeartbeat, catchUp, completeUntil: () => complete })

  function onListening (): void {
    relay?.onListening()
    missed = true
    const connection = ++connections
    catchingUp = catchUp().then(() => { if (connection === connections) missed = false }, (error: unknown) => {
      app.log.error({ database: databaseFailure(error)?.code }, 'revocations could not be caught up with')
    })
  }

  function onAnnounced (payload: string): void {
    const entry = parseRevocation(payload)
    if (entry === undefined) {
      app.log.warn('what was announced is no revocation')
      return
    }
    takeIn(entry)
    relay?.onAnnounced(entry)
  }

  const notifications = await openNotifications(app.directUrl, {
    [REVOCATIONS_CHANNEL]: onAnnounced,
    [heartbeats]: sentAt => {
      // Until what was missed is caught up with, being heard proves nothing.
      if (missed) return
      heardFromDatabase = Math.max(heardFromDatabase, Number(sentAt))
      onHeartbeat(Number(sentAt))
    },
    ...relay === undefined ? {} : { [ATTESTATION_REQUESTS_CHANNEL]: relay.onRequest }
  }, onListening)

  async function beat (): Promise<void> {
    if (missed) onListening()
    await catchingUp
    const now = performance.now()
    tellOverdue(now - heardFromDatabase > OVERDUE)
    await app.db.execute(sql`select pg_notify(${heartbeats}, ${String(now)})`)
    if (relay !== undefined && isOverdue) await app.db.execute(sql`select pg_notify(${ATTESTATION_REQUESTS_CHANNEL}, ${relay.request(now)})`)
    list.prune(app.clock())
    relay?.prune()
  }

  function tellOverdue (now: boolean): void {
    if (now && !isOverdue) app.log.warn('what the database announces is not heard here')
    if (!now && isOverdue) app.log.info('what the database announces is heard here again')
    isOverdue = now
  }

  const isCurrent = () => performance.now() - heard <= staleness * 1000

  let openedAt = performance.now()
  await catchingUp
  if (!missed) heard = heardFromDatabase = performance.now()

  /** Whoever is dead without knowing hears nothing: there is another connection well before the feed is out of touch. */
  function giveUpDeadConnection (): void {
    const now = performance.now()
    if (now - Math.max(heardFromDatabase, openedAt) <= staleness * 500 + EVERY) return
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
    settle: async accountId => { await learn(readRevocationsOf(app.db, accountId)) },
    settleRoles: async () => { await learn(readRevocationsOfRoles(app.db)) }
  })

  async function learn (reading: Promise<Revocation[]>): Promise<void> {
    for (const entry of await reading.catch(() => [])) {
      takeIn(entry)
      relay?.pass(entry)
    }
  }

  // A revocation holds here before whoever asked for it hears that it was done.
  app.addHook('onSend', (request, _reply, payload, done) => {
    const { subject } = request
    if (subject === null || subject.isGranted === true || request.method === 'GET') done()
    else app.revocations.settle(subject.accountId).then(() => { done(null, payload) }, done)
  })
}, { name: 'revocations', dependencies: ['clock', 'database', 'redis', 'request-log'] })
