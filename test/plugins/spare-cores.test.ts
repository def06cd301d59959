import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { coresBeside, spareCores } from '../../plugins/spare-cores.js'

t.test('an event loop that has little to do needs no core of its own, a busy one does, and more at its limit', async t => {
  const beside = (cores: number) => [0, 0.49, 0.5, 0.74, 0.75, 1].map(utilization => coresBeside(cores, utilization))
  t.same(beside(4), [4, 4, 3, 3, 2.25, 2.25])
  t.same(beside(2), [2, 2, 1, 1, 0.25, 0.25])
  t.same(beside(1), [1, 1, 1, 1, 0.25, 0.25])
})

t.test('what counts is what it did just now', async t => {
  const cores = spareCores(4)
  t.equal(cores(), 4)
  for (const until = performance.now() + 300; performance.now() < until;);
  t.equal(cores(), 2.25)
  await delay(600)
  t.equal(cores(), 4)
})
