import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import postgres from 'postgres'
import t from 'tap'
import { createDatabase } from '../../helper.js'
import { claimsOf } from '../../published-keys.js'
import { inRounds, ROUNDS, tally } from './rounds.js'
import { type Pair, startPair } from './servers.js'

const KILLS = 6

/** A browser: it goes on with the cookie that it has, asks again when a connection fails, and takes no answer for a sign-out but 401. */
class Browser {
  readonly statuses: number[] = []
  readonly cookies: string[]
  /** ids of the access tokens that it got */
  readonly tokenIds: string[] = []
  /** connections that failed, before they were made or with a request under way */
  failures = 0
  /** seconds of the longest wait from the first failure to an answer */
  longest = 0
  readonly #pair: Pair

  constructor (pair: Pair, cookie: string) {
    this.#pair = pair
    this.cookies = [cookie]
  }

  get cookie (): string {
    return this.cookies.at(-1) ?? ''
  }

  async goOn (isOver: () => boolean): Promise<void> {
    let failing: number | undefined
    while (!isOver() || failing !== undefined) {
      const server = this.#pair[randomInt(2) === 0 ? 0 : 1]
      try {
        const { status, cookie, accessToken } = await server.refresh(this.cookie)
        this.statuses.push(status)
        if (status !== 200) return
        this.cookies.push(cookie)
        this.tokenIds.push(claimsOf(accessToken).jti)
        if (failing !== undefined) this.longest = Math.max(this.longest, (performance.now() - failing) / 1000)
        failing = undefined
        this.statuses.push(await server.profile(accessToken))
      } catch {
        this.failures++
        failing ??= performance.now()
      }
      await wait(randomInt(100))
    }
  }
}

t.test(`${KILLS} times one of two instances is killed under refreshes, and every client goes on with the cookie that it has`, async t => {
  const databaseUrl = await createDatabase(t)
  const pair = await startPair(t, { DATABASE_URL: databaseUrl })
  const browsers = await inRounds(async () => new Browser(pair, (await pair[0].login()).cookie))
  let isOver = false
  const browsing = Promise.all(browsers.map(async browser => { await browser.goOn(() => isOver) }))
  for (let kill = 0; kill < KILLS; kill++) {
    await wait(randomInt(1000, 2000))
    const server = pair[kill % 2 === 0 ? 0 : 1]
    await server.stop('SIGKILL')
    await wait(500)
    await server.start()
  }
  isOver = true
  await browsing

  const statuses = browsers.flatMap(browser => browser.statuses)
  t.same(tally(statuses), { 200: statuses.length })
  t.ok(browsers.every(browser => browser.failures > 0), 'each of them met the crashes')

  const sql = postgres(databaseUrl, { max: 1 })
  t.teardown(async () => { await sql.end() })
  // A rotation's event has the id of its access token; an answer that repeats it has another.
  const received = browsers.flatMap(browser => browser.tokenIds)
  const [found] = await sql<Array<{ sessions: number, ended: number, rotations: number, events: number, lost: number }>>`
    with events as (select id from audit_events where type = 'session.rotated')
    select count(*)::int as sessions, count(revoked_at)::int as ended, sum(generation - 1)::int as rotations,
      (select count(*)::int from events) as events, (select count(*)::int from events where id <> all(${received}::uuid[])) as lost
    from sessions`
  const successors = browsers.reduce((sum, { cookies }) => sum + new Set(cookies).size - 1, 0)
  t.match(found, { sessions: ROUNDS, ended: 0, rotations: successors, events: successors }, 'each rotation came to its client, if not with the first answer')

  const last = await Promise.all(browsers.map(async ({ cookie }) => await Promise.all(pair.map(async server => await server.refresh(cookie)))))
  t.same(tally(last.flat().map(answer => answer.status)), { 200: 2 * ROUNDS })
  t.ok(last.every(([one, other]) => one?.cookie === other?.cookie), 'one live lineage each')
  t.comment(`${statuses.length} answers, ${browsers.reduce((sum, { failures }) => sum + failures, 0)} connections failed, ${found?.lost} of them with the answer to a rotation, the longest wait ${Math.max(...browsers.map(({ longest }) => longest)).toFixed(1)} s`)
})
