import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { type DatabaseConnection, openDatabase } from '../../db/client.js'
import { databaseFailure } from '../../db/failure.js'
import { secondsAfter } from '../../src/domain/clock.js'
import { AuthError } from '../../src/domain/errors.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { rotateSession } from '../../src/domain/rotation.js'
import { startSession } from '../../src/domain/session-start.js'
import { revokeSession, signOut, signOutEverywhere } from '../../src/domain/sessions.js'
import { START } from '../helper.js'
import type { Batch, Script, Step, Wish } from './session-commands.js'
import { type Command, explained, GRACE, granted, LIFETIME, type Session, type Sessions, withWritesLost } from './session-model.js'

const policy: ContractPolicy = {
  name: 'outlet',
  accessLifetime: 60,
  sessionLifetime: LIFETIME,
  language: 'en',
  passwordRule: { needs: ['letter'], refusesCommon: false },
  requiresVerifiedEmail: true,
  newEmail: 'when_proven'
}
const terms = { algorithm: 'ES256', keyId: 'key', issuer: 'http://auth.test', audience: 'outlet', lifetime: 60 }
const requester = { ip: '127.0.0.1', userAgent: null }
const passwordHash = 'compared already'

/** The driver refused a transaction that it had itself begun, as db/stray-transactions.ts tells: seen once in three runs of 300,000 commands. The server answers 503. */
class DriverFault extends Error {}

/** Two instances on one database, and the count of what was run on them. */
export class Instances {
  sequences = 0
  setsAtOnce = 0
  commands = 0
  /** batches that a fault of the driver ended; they count for nothing */
  abandoned = 0
  readonly #url: string
  readonly #pools: [DatabaseConnection, DatabaseConnection]
  readonly #sql: postgres.Sql

  constructor (url: string) {
    this.#url = url
    this.#pools = [openDatabase(url), openDatabase(url)]
    this.#sql = postgres(url, { max: 1 })
  }

  async close (): Promise<void> {
    await Promise.all([...this.#pools.map(async pool => { await pool.close() }), this.#sql.end()])
  }

  async run (batch: Batch): Promise<void> {
    const { setsAtOnce, commands } = this
    try {
      await this.#play(batch)
    } catch (error) {
      if (!(error instanceof DriverFault)) throw error
      Object.assign(this, { setsAtOnce, commands, abandoned: this.abandoned + 1 })
      for (const index of [0, 1] as const) {
        await this.#pools[index].close()
        this.#pools[index] = openDatabase(this.#url)
      }
    }
  }

  async #play ({ scripts, restarted }: Batch): Promise<void> {
    const accounts = await this.#sql<Array<{ id: string }>>`
      insert into users ${this.#sql(scripts.map(() => {
        const id = randomUUID()
        return { id, email: `${id}@example.com`, password_hash: passwordHash, email_verified_at: START, created_at: START, updated_at: START }
      }))} returning id`
    const stories = accounts.map(({ id }) => new Story(id))
    const together = async (act: (story: Story, script: Script) => Promise<void>) => {
      await Promise.all(stories.map(async (story, index) => { await act(story, scripts[index] ?? [[], []]) }))
    }
    await together(async (story, [before]) => { await story.play([{ atOnce: [{ kind: 'sign in' }, { kind: 'sign in' }] }, ...before], this) })
    for (const index of restarted) {
      await this.#pools[index === 0 ? 0 : 1].close()
      this.#pools[index === 0 ? 0 : 1] = openDatabase(this.#url)
    }
    await together(async (story, [, after]) => { await story.play(after, this) })
    const rows = await this.#sql<StoredSession[]>`
      select s.user_id, s.id, s.generation, s.rotated_at, s.expires_at, s.revoked_reason,
        coalesce(array_agg(e.type order by e.type) filter (where e.type <> 'session.started'), '{}') as events
      from sessions s left join audit_events e on e.user_id = s.user_id and e.session_id = s.id
      where s.user_id in ${this.#sql(accounts.map(account => account.id))}
      group by s.user_id, s.id`
    for (const story of stories) story.compare(rows)
    this.sequences += scripts.length
  }

  async loseWrites (account: string, rotations: number): Promise<void> {
    await this.#sql`update sessions set generation = greatest(1, generation - ${rotations}::int) where user_id = ${account}`
  }

  database (index: number) {
    return this.#pools[index % 2 === 0 ? 0 : 1].db
  }
}

interface StoredSession {
  user_id: string
  id: string
  generation: number
  rotated_at: Date
  expires_at: Date
  revoked_reason: Session['ended']
  events: string[]
}

/** One account: what was asked, what was answered, and in which states the model may be after it. */
class Story {
  readonly #account: string
  readonly #ids: string[] = []
  /** the newest token issued of each session */
  readonly #newest: number[] = []
  readonly #told: string[] = []
  #begun = 0
  #now = 0
  #states: Sessions[] = [[]]

  constructor (account: string) {
    this.#account = account
  }

  async play (steps: Step[], instances: Instances): Promise<void> {
    for (const step of steps) {
      if ('wait' in step) {
        this.#now += step.wait
        this.#told.push(`${step.wait} s go by`)
        continue
      }
      if ('lost' in step) {
        await instances.loseWrites(this.#account, step.lost)
        this.#states = this.#states.map(state => withWritesLost(state, step.lost))
        this.#told.push(`the last ${step.lost} rotations are lost`)
        continue
      }
      const commands = step.atOnce.map(wish => this.#meant(wish))
      const seen = await Promise.all(commands.map(async (command, index) => ({ command, outcome: await this.#carryOut(command, instances.database(this.#told.length + index)) })))
      this.#told.push(seen.map(({ command, outcome }) => `${JSON.stringify(command)}: ${outcome}`).join('\n  at once with '))
      const states = explained(this.#states, seen, this.#now)
      if (states.length === 0) this.#fail('No order of the last commands explains their answers.')
      this.#states = states
      instances.commands += commands.length
      if (commands.length > 1) instances.setsAtOnce++
    }
  }

  /** Each session is as one of the states has it, with one event for each thing that befell it. */
  compare (rows: readonly StoredSession[]): void {
    const seconds = (date: Date) => (date.getTime() - START.getTime()) / 1000
    const stored = this.#ids.map(id => {
      const row = rows.find(row => row.user_id === this.#account && row.id === id)
      return row && [row.generation, seconds(row.rotated_at), seconds(row.expires_at), row.revoked_reason, row.events]
    })
    const expected = this.#states.map(state => state.map(session => session && [
      session.generation, session.rotatedAt, session.expiresAt, session.ended,
      [
        ...session.ended === 'replay' ? ['session.replayed'] : [],
        ...session.ended === null || session.ended === 'replay' ? [] : ['session.revoked'],
        ...Array<string>(session.rotations).fill('session.rotated')
      ]
    ]))
    if (!expected.some(state => JSON.stringify(state) === JSON.stringify(stored))) this.#fail(`The database holds ${JSON.stringify(stored)}.`)
  }

  #meant (wish: Wish): Command {
    const which = (number: number) => number % this.#ids.length
    switch (wish.kind) {
      case 'sign in': return { kind: 'sign in', session: this.#begun++ }
      case 'refresh': return {
        kind: 'refresh',
        tokens: wish.tokens.map(({ session, back }) => ({ session: which(session), counter: Math.max(1, (this.#newest[which(session)] ?? 1) - back) }))
      }
      case 'sign out': return { kind: 'sign out', sessions: [...new Set(wish.sessions.map(which))] }
      case 'sign out everywhere': return { kind: 'sign out everywhere', asking: which(wish.asking) }
      case 'revoke': return { kind: 'revoke', asking: which(wish.asking), session: which(wish.session) }
    }
  }

  async #carryOut (command: Command, db: DatabaseConnection['db']): Promise<string> {
    const accountId = this.#account
    const now = secondsAfter(START, this.#now)
    const held = (number: number) => ({ accountId, sessionId: this.#ids[number] ?? '' })
    try {
      switch (command.kind) {
        case 'sign in': {
          const grant = await startSession(db, { id: accountId, passwordHash }, policy, requester, terms, now)
          if (grant === undefined) return 'refused'
          this.#ids[command.session] = grant.sessionId
          this.#newest[command.session] = grant.generation
          return 'signed in'
        }
        case 'refresh': {
          const presented = command.tokens.map(({ session, counter }) => ({ accountId, rowId: held(session).sessionId, counter }))
          const grant = await rotateSession(db, presented, { policy, grace: GRACE, requester, terms, now })
          const session = this.#ids.indexOf(grant.sessionId)
          this.#newest[session] = Math.max(this.#newest[session] ?? 0, grant.generation)
          return granted(session, grant.generation, (grant.expiresAt.getTime() - START.getTime()) / 1000)
        }
        case 'sign out': await signOut(db, command.sessions.map(held), requester, now); break
        case 'sign out everywhere': await signOutEverywhere(db, held(command.asking), requester, now); break
        case 'revoke': await revokeSession(db, held(command.asking), held(command.session).sessionId, requester, now)
      }
      return 'done'
    } catch (error) {
      if (error instanceof AuthError) return error.code
      const { message, cause } = error instanceof Error ? error : new Error(String(error))
      if (databaseFailure(error)?.code === 'UNSAFE_TRANSACTION') throw new DriverFault(message)
      return `failed: ${cause instanceof Error ? cause.message : message}`
    }
  }

  #fail (why: string): never {
    throw new Error(`${why}\n${this.#told.join('\n')}\nThe model before: ${this.#states.map(state => JSON.stringify(state)).join(' or ')}`)
  }
}
