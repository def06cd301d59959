import t from 'tap'
import { createHashingThreads } from '../../plugins/hashing-threads.js'
import { createPasswordHasher } from '../../src/domain/password-hasher.js'

const attempts = { attempt: async (_: unknown, compare: () => Promise<boolean>) => await compare() }
const subject = { by: 'email', value: 'siti@example.com' } as const
const threads = createHashingThreads()
t.teardown(threads.close)
const BCRYPT = '$2b$12$fLAbleTmUfbl5fKf7k7nWeYqEs3kd13xNdmPOy4vVpSxCjs.Ny7Ry'

t.test('who waits too long for a turn is told so, and who comes later is served', async t => {
  const passwords = createPasswordHasher(threads, { cores: () => 1, queue: 10, patience: 0, attempts })
  const slow = passwords.verify(BCRYPT, 'salah', subject)
  const waiting = Array.from({ length: 10 }, async () => await passwords.hash('Password123!'))
  await t.rejects(passwords.hash('Password123!'), { code: 'overloaded', reason: 'the queue of password hashes is full' })
  t.equal(await slow, false)
  for (const waited of await Promise.allSettled(waiting)) t.match(waited, { status: 'rejected', reason: { code: 'overloaded', reason: 'waited too long for a turn at hashing' } })
  t.match(await passwords.hash('Password123!'), /^\$argon2id\$/)
})

t.test('who waits in patience is served, one after the other', async t => {
  const passwords = createPasswordHasher(threads, { cores: () => 1, queue: 10, patience: 60_000, attempts })
  t.equal((await Promise.all(Array.from({ length: 11 }, async () => await passwords.hash('Password123!')))).length, 11)
})

t.test('where there are fewer places than before, as many are under way once those before are done', async t => {
  let places = 2
  let running = 0
  const seen: number[] = []
  const counted = async (password: string): Promise<string> => {
    seen.push(++running)
    const hash = await threads.hash(password)
    running--
    return hash
  }
  const passwords = createPasswordHasher({ ...threads, hash: counted }, { cores: () => places, queue: 10, patience: 60_000, attempts })
  const hashing = Array.from({ length: 6 }, async () => await passwords.hash('Password123!'))
  places = 1
  await Promise.all(hashing)
  t.same(seen, [1, 2, 1, 1, 1, 1])
  places = 2
  await Promise.all(Array.from({ length: 2 }, async () => await passwords.hash('Password123!')))
  t.same(seen.slice(6), [1, 2])
})

t.test('who comes when a place has come back does not go before those who wait', async t => {
  let places = 1
  const begun: string[] = []
  const noted = async (password: string): Promise<string> => {
    begun.push(password)
    return await threads.hash(password)
  }
  const passwords = createPasswordHasher({ ...threads, hash: noted }, { cores: () => places, queue: 10, patience: 60_000, attempts })
  const hashing = ['first', 'second'].map(passwords.hash)
  places = 2
  await Promise.all([...hashing, passwords.hash('third')])
  t.same(begun, ['first', 'second', 'third'])
})

t.test('where hashes may take a part of a core, each is followed by a rest, and fewer wait', async t => {
  const times: Array<{ began: number, ended: number }> = []
  const timed = async (password: string): Promise<string> => {
    const began = performance.now()
    const hash = await threads.hash(password)
    times.push({ began, ended: performance.now() })
    return hash
  }
  const passwords = createPasswordHasher({ ...threads, hash: timed }, { cores: () => 0.25, queue: 8, patience: 60_000, attempts })
  const hashing = Array.from({ length: 3 }, async () => await passwords.hash('Password123!'))
  await t.rejects(passwords.hash('Password123!'), { code: 'overloaded' })
  await Promise.all(hashing)
  t.equal(times.length, 3)
  for (const [at, { began }] of times.entries()) {
    const before = times[at - 1]
    // A timer may end a millisecond before its time.
    if (before !== undefined) t.ok(began - before.ended >= 3 * (before.ended - before.began) - 2)
  }
})

t.test('where hashes may take less than before, who came last is told so instead of waiting the longer', async t => {
  let cores = 1
  const passwords = createPasswordHasher(threads, { cores: () => cores, queue: 8, patience: 60_000, attempts })
  const hashing = Promise.allSettled(Array.from({ length: 9 }, async () => await passwords.hash('Password123!')))
  cores = 0.25
  const outcomes = (await hashing).map(outcome => outcome.status === 'fulfilled' ? 'hashed' : String(outcome.reason.code))
  t.same(outcomes, [...Array.from({ length: 4 }, () => 'hashed'), ...Array.from({ length: 5 }, () => 'overloaded')])
})
