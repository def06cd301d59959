import t from 'tap'
import { KunciError, NetworkError } from '../../src/client/errors.js'
import { createPause } from '../../src/client/pause.js'

const between = (milliseconds: number, least: number, most: number) => milliseconds > least && milliseconds <= most

t.test('each failure in a row doubles the longest pause, up to half a minute', async t => {
  const pause = createPause()
  t.doesNotThrow(pause.check)
  for (const longest of [1, 2, 4, 8, 16, 30, 30]) {
    pause.extend(new NetworkError('Server not reached'))
    t.ok(between(pause.left(), 0, longest * 1000), `${pause.left()} of at most ${longest} s`)
  }
  t.throws(pause.check, { name: 'NetworkError', message: 'Server not reached' })
  pause.end()
  t.equal(pause.left(), 0)
  pause.extend(new NetworkError('Server not reached'))
  t.ok(between(pause.left(), 0, 1000), 'it begins anew')
})

t.test('a page that wakes does not wait any longer, but for what the server asked for', async t => {
  const pause = createPause()
  pause.extend(new KunciError(500, 'Internal server error', [], undefined))
  pause.shorten()
  t.equal(pause.left(), 0)
  pause.extend(new KunciError(429, 'Too many requests', [], 40))
  pause.shorten()
  t.ok(between(pause.left(), 30_000, 42_000))
})
