import fc from 'fast-check'
import { LIFETIME } from './session-model.js'

/** A command before it is known which sessions and tokens there are: any number, taken as the so many-th of those there are. */
export type Wish =
  | { kind: 'sign in' }
  | { kind: 'refresh', tokens: Array<{ session: number, back: number }> }
  | { kind: 'sign out', sessions: number[] }
  | { kind: 'sign out everywhere', asking: number }
  | { kind: 'revoke', asking: number, session: number }

/** Time goes by, a failover forgets the last rotations, or something is asked: one thing alone or several at once. */
export type Step = { wait: number } | { lost: number } | { atOnce: Wish[] }

const nth = fc.nat({ max: 2 })
const token = fc.record({ session: nth, back: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: fc.constant(1) }, { weight: 2, arbitrary: fc.integer({ min: 2, max: 5 }) }) })
const refresh = fc.record({ kind: fc.constant('refresh' as const), tokens: fc.tuple(token) })
const ending = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sign out' as const), sessions: fc.uniqueArray(nth, { minLength: 1, maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sign out everywhere' as const), asking: nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke' as const), asking: nth, session: nth }) })
const signIn = fc.constant({ kind: 'sign in' as const })
const wish = fc.oneof({ weight: 8, arbitrary: refresh }, { weight: 2, arbitrary: ending }, { weight: 1, arbitrary: signIn })
// Several cookies are tried one after another, not at one moment: in a set run at once no single order need explain them.
const several = fc.record({ kind: fc.constant('refresh' as const), tokens: fc.array(token, { minLength: 2, maxLength: 4 }) })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ lost: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ wait: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(1, 15, 29, 30, 31) }, { weight: 1, arbitrary: fc.constantFrom(300, LIFETIME - 1, LIFETIME) }) }) },
  { weight: 6, arbitrary: fc.record({ atOnce: fc.tuple(fc.oneof({ weight: 5, arbitrary: wish }, { weight: 1, arbitrary: several })) }) },
  { weight: 6, arbitrary: fc.record({ atOnce: fc.array(wish, { minLength: 2, maxLength: 5 }) }) },
  { weight: 4, arbitrary: fc.tuple(refresh, fc.array(ending, { maxLength: 1 }), fc.integer({ min: 2, max: 8 })).map(([one, endings, times]) => ({ atOnce: [...Array<Wish>(times).fill(one), ...endings] })) })

const steps = fc.array(step, { minLength: 1, maxLength: 5, size: 'max' })

/** What befalls one account, before and after a restart. */
export type Script = readonly [Step[], Step[]]

export interface Batch {
  /** run side by side, each on an account of its own */
  scripts: Script[]
  /** which instances restart in the middle */
  restarted: readonly number[]
}

export function batches (most: number): fc.Arbitrary<Batch> {
  return fc.record({
    scripts: fc.array(fc.tuple(steps, steps), { minLength: 1, maxLength: most, size: 'max' }),
    restarted: fc.oneof({ weight: 3, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: fc.subarray([0, 1], { minLength: 1 }) })
  })
}
