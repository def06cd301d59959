import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import t from 'tap'
import { createHashingThreads } from '../../plugins/hashing-threads.js'

const threads = createHashingThreads()
t.teardown(threads.close)

/** The priorities of this process's threads, as Linux tells them (proc(5), field 19). */
function prioritiesOfThreads (): number[] {
  return readdirSync('/proc/self/task').map(id => Number(readFileSync(`/proc/self/task/${id}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')[16]))
}

t.test('a hash is that of its password alone, and nobody has the password of no hash', async t => {
  const hash = await threads.hash('Password123!')
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  t.equal(await threads.matches(hash, 'Password123!'), true)
  t.equal(await threads.matches(hash, 'Password123?'), false)
  t.equal(await threads.matches(null, ''), false)
})

t.test('several at once are each given their own', async t => {
  const passwords = ['one', 'two', 'three']
  const hashes = await Promise.all(passwords.map(threads.hash))
  t.same(await Promise.all(hashes.map(async (hash, at) => await threads.matches(hash, passwords[at] ?? ''))), [true, true, true])
})

t.test('what cannot be read is refused, and the thread goes on', async t => {
  await t.rejects(threads.matches('$argon2id$damaged', 'Password123!'), /^a password could not be hashed: /)
  t.equal(await threads.matches(null, 'Password123!'), false)
})

t.test('where threads have priorities, the event loop comes first', async t => {
  if (process.platform !== 'linux') return
  await threads.hash('Password123!')
  const own = getPriority()
  const others = new Set(prioritiesOfThreads())
  t.ok(others.has(own))
  t.ok(others.has(Math.min(19, own + 10)))
})

t.test('when they are closed, what was asked for is refused', async t => {
  const closed = createHashingThreads()
  const asked = closed.hash('Password123!')
  await Promise.all([closed.close(), t.rejects(asked, /^a thread that hashed a password ended/)])
})
