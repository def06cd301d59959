import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { spareCores } from '../../plugins/spare-cores.js'

/** Keeps the event loop busy for a share of the time. */
async function work (milliseconds: number, share: number): Promise<void> {
  for (const end = performance.now() + milliseconds; performance.now() < end;) {
    for (const until = performance.now() + 20 * share; performance.now() < until;);
    await delay(20 * (1 - share))
  }
}

t.test('an event loop that has little to do needs no core of its own, a busy one does', async t => {
  const cores = spareCores(4)
  t.equal(cores(), 4)
  await work(300, 0.95)
  t.equal(cores(), 3)
  await delay(600)
  t.equal(cores(), 4)
})

t.test('one core is left at least', async t => {
  const cores = spareCores(1)
  await work(300, 0.95)
  t.equal(cores(), 1)
})
