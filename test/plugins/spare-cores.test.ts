import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { spareCores } from '../../plugins/spare-cores.js'

/** Keeps the event loop busy for a share of the time. */
async function work (milliseconds: number, share: number): Promise<void> {
  for (const end = performance.now() + milliseconds; performance.now() < end;) {
    for (const until = performance.now() + 20 * share; performance.now() < until;);
    if (share < 1) await delay(20 * (1 - share))
  }
}

t.test('an event loop that has little to do needs no core of its own, a busy one does, and at its limit more', async t => {
  const cores = spareCores(4)
  t.equal(cores(), 4)
  await work(300, 0.7)
  t.equal(cores(), 3)
  await work(300, 1)
  t.equal(cores(), 2.25)
  await delay(600)
  t.equal(cores(), 4)
})

t.test('one core is left at least, or a quarter', async t => {
  const cores = spareCores(1)
  await work(300, 0.7)
  t.equal(cores(), 1)
  await work(300, 1)
  t.equal(cores(), 0.25)
})
