import { sql } from 'drizzle-orm'
import t from 'tap'
import { build } from './helper.js'

t.test('a failure of the database that somebody else logs repeats none of the statement\'s parameters', async t => {
  const { app, log } = await build(t)
  const failure = await app.db.execute(sql`select ${'at rahasia\n    at rahasia'}::int`).catch((error: unknown) => error)
  t.match(failure, { message: /rahasia/ })
  // As the framework does it when a handler fails whose request was answered before, since it took too long.
  app.log.error({ err: failure }, 'Promise errored, but reply.sent = true was set')
  const [line] = log.map(text => JSON.parse(text)).filter(({ msg }) => msg === 'Promise errored, but reply.sent = true was set')
  t.equal(line.err.message, 'the database failed: 22P02')
  t.match(line.err.stack, /^at \S+ /)
  t.notMatch(log.join(), /rahasia/)
})
