import fc from 'fast-check'
import t from 'tap'
import { createDatabase } from '../helper.js'
import { batches } from './session-commands.js'
import { Instances } from './session-stories.js'

t.test('whatever is asked of sessions, one after another or at once, is answered as some order of it allows', async t => {
  const instances = new Instances(await createDatabase(t))
  t.teardown(async () => { await instances.close() })
  while (instances.sequences < 300) {
    // The time limit ends the search for a smaller failure.
    await fc.assert(fc.asyncProperty(batches(40), async batch => { await instances.run(batch) }), { numRuns: 1, interruptAfterTimeLimit: 20_000 })
  }
  t.ok(instances.setsAtOnce >= 300)
})
