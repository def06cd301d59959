import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { coresBeside, spareCores } from '../../plugins/spare-cores.js'

t.test('an event loop that has little to do needs no core of its own, a busy one does', async t => {
  const beside = (cores: number) => [0, 0.49, 0.5, 1].map(now => coresBeside(cores, { now, lately: 0.74 }))
  t.same(beside(4), [4, 4, 3, 3])
  t.same(beside(2), [2, 2, 1, 1])
  t.same(beside(1), [1, 1, 1, 1])
})

t.test('one that is at its limit for longer needs more, whatever it does now', async t => {
  for (const now of [0, 1]) t.same([4, 2, 1].map(cores => coresBeside(cores, { now, lately: 0.75 })), [2.25, 0.25, 0.25])
})

t.test('what counts is what it does now, and in two seconds', async t => {
  const cores = spareCores(4)
  t.equal(cores(), 4)
  work(300)
  t.equal(cores(), 3)
  work(2000)
  t.equal(cores(), 2.25)
  await delay(2000)
  t.equal(cores(), 4)
})

function work (milliseconds: number): void {
  for (const until = performance.now() + milliseconds; performance.now() < until;);
}
