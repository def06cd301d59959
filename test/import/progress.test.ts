import t from 'tap'
import { progressLine } from '../../src/cli/import/progress.js'

t.test('progress says how far it is, how fast, and how long it will take', async t => {
  t.equal(progressLine({ doing: 'reading', done: 45_000, share: 0.45, seconds: 4 }), '[#########...........] 45 % reading 45,000 lines, 11,250/s, 5 s left')
  t.equal(progressLine({ doing: 'writing', done: 100_000, share: 1, seconds: 10 }), '[####################] 100 % writing 100,000 lines, 10,000/s, 0 s left')
  t.equal(progressLine({ doing: 'reading', done: 0, share: 0, seconds: 0 }), '[....................] 0 % reading 0 lines, 0/s')
})

t.test('of a pipe nobody knows how long it is', async t => {
  t.equal(progressLine({ doing: 'reading', done: 1000, share: undefined, seconds: 2 }), 'reading 1,000 lines, 500/s')
})

t.test('a file that grew while it was read is whole at most', async t => {
  t.equal(progressLine({ doing: 'reading', done: 1000, share: 1.7, seconds: 1 }), '[####################] 100 % reading 1,000 lines, 1,000/s, 0 s left')
})
