import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { batches } from '../../domain/session-commands.js'
import { Instances } from '../../domain/session-stories.js'
import { createDatabase } from '../../helper.js'

/** One is a sequence of commands on one account, or a set of commands run at once within it. */
const INTERLEAVINGS = 100_000

t.test('100,000 interleavings of what can be asked of sessions are answered as some order allows', async t => {
  const instances = new Instances(await createDatabase(t))
  t.teardown(async () => { await instances.close() })
  // A failure names its seed; SEED=… begins with the same scripts again, though not with the same races.
  let seed = Number(process.env['SEED'] ?? randomInt(2 ** 31))
  while (instances.sequences + instances.setsAtOnce < INTERLEAVINGS) {
    // The time limit ends the search for a smaller failure.
    await fc.assert(fc.asyncProperty(batches(64), async batch => { await instances.run(batch) }), { numRuns: 10, seed: seed++, interruptAfterTimeLimit: 60_000 })
  }
  t.ok(instances.setsAtOnce > INTERLEAVINGS / 2)
  t.ok(instances.abandoned <= 3, `${instances.abandoned} batches ended by a fault of the driver`)
  t.comment(`${instances.sequences} sequences, ${instances.setsAtOnce} sets at once, ${instances.commands} commands`)
})
