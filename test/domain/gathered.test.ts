import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { gathered } from '../../src/domain/gathered.js'

/** What is asked for: a key, and a text that is answered in capitals. */
interface Asked { key: string, text: string }

/** Records how it was asked; each statement is answered when it is told to be. */
function recorder (options: { most?: number, atOnce?: number, leftOut?: string[], fails?: boolean, shared?: boolean } = {}) {
  const statements: string[] = []
  const answers: Array<() => void> = []
  const answered = async () => await new Promise<void>(resolve => { answers.push(resolve) })
  const ask = gathered<Asked, string>({
    most: options.most ?? 10,
    atOnce: options.atOnce ?? 1,
    keyOf: ({ key }) => key,
    shared: options.shared === true,
    async one ({ key, text }) {
      statements.push(key)
      await answered()
      if (text === 'refused') throw new Error(`no ${key}`)
      return text === 'nothing' ? undefined : text.toUpperCase()
    },
    async many (asked) {
      statements.push(asked.map(({ key }) => key).join('+'))
      await answered()
      if (options.fails === true) throw new Error('the statement failed')
      return new Map(asked.filter(({ key }) => options.leftOut?.includes(key) !== true).map(({ key, text }) => [key, text.toUpperCase()]))
    }
  })
  async function answerAll (): Promise<void> {
    for (let turns = 0; turns < 20; turns++) {
      answers.shift()?.()
      await turn()
    }
  }
  return { ask, statements, answerAll }
}

t.test('who comes alone is asked for alone, in the same turn of the event loop', async t => {
  const { ask, statements, answerAll } = recorder()
  const answer = ask({ key: 'a', text: 'one' })
  await turn()
  t.same(statements, ['a'])
  await answerAll()
  t.equal(await answer, 'ONE')
})

t.test('those who come in one turn of the event loop are asked for together, each given its own answer', async t => {
  const { ask, statements, answerAll } = recorder()
  const answers = ['a', 'b', 'c'].map(async key => await ask({ key, text: `for ${key}` }))
  await answerAll()
  t.same(statements, ['a+b+c'])
  t.same(await Promise.all(answers), ['FOR A', 'FOR B', 'FOR C'])
})

t.test('and so are those who come while a statement is under way', async t => {
  const { ask, statements, answerAll } = recorder()
  const answers: Array<Promise<string | undefined>> = []
  for (const key of ['a', 'b', 'c']) {
    answers.push(ask({ key, text: `for ${key}` }))
    await turn()
  }
  t.same(statements, ['a'])
  await answerAll()
  t.same(statements, ['a', 'b+c'])
  t.same(await Promise.all(answers), ['FOR A', 'FOR B', 'FOR C'])
})

t.test('two of one key are never asked for together: the second waits for nobody', async t => {
  const { ask, statements, answerAll } = recorder()
  const answers = ['a', 'b', 'b', 'c', 'b'].map(async (key, at) => await ask({ key, text: `${key}${at}` }))
  t.same(statements, ['b', 'b'])
  await answerAll()
  t.same(statements, ['b', 'b', 'a+b+c'])
  t.same(await Promise.all(answers), ['A0', 'B1', 'B2', 'C3', 'B4'])
})

t.test('or they share an answer that was asked for after both had come', async t => {
  const { ask, statements, answerAll } = recorder({ shared: true })
  const first = ask({ key: 'a', text: 'a0' })
  await turn()
  const answers = [first, ...['a', 'a', 'b', 'b'].map(async (key, at) => await ask({ key, text: `${key}${at + 1}` }))]
  await answerAll()
  t.same(statements, ['a', 'a+b'])
  t.same(await Promise.all(answers), ['A0', 'A1', 'A1', 'B3', 'B3'])
})

t.test('no more are asked for together than may be, and no more statements are under way', async t => {
  const { ask, statements, answerAll } = recorder({ most: 2, atOnce: 2 })
  const answers = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(async key => await ask({ key, text: key }))
  await turn()
  t.same(statements, ['a+b', 'c+d'])
  await answerAll()
  t.same(statements, ['a+b', 'c+d', 'e+f', 'g'])
  t.same(await Promise.all(answers), ['A', 'B', 'C', 'D', 'E', 'F', 'G'])
})

t.test('what was left out is asked for by itself, and whatever that says is the answer', async t => {
  const { ask, statements, answerAll } = recorder({ leftOut: ['b', 'd'] })
  const answers = [{ key: 'a', text: 'one' }, { key: 'b', text: 'nothing' }, { key: 'c', text: 'three' }, { key: 'd', text: 'refused' }].map(async asked => await ask(asked))
  const settled = Promise.allSettled(answers)
  await answerAll()
  t.same(statements, ['a+b+c+d', 'b', 'd'])
  t.match(await settled, [{ value: 'ONE' }, { value: undefined }, { value: 'THREE' }, { reason: { message: 'no d' } }])
})

t.test('where asking together fails, each is asked for by itself', async t => {
  const { ask, statements, answerAll } = recorder({ fails: true })
  const answers = ['a', 'b', 'c'].map(async key => await ask({ key, text: key }))
  await answerAll()
  t.same(statements, ['a+b+c', 'a', 'b', 'c'])
  t.same(await Promise.all(answers), ['A', 'B', 'C'])
})

t.test('one that fails leaves the way free for the next', async t => {
  const { ask, statements, answerAll } = recorder({ most: 1 })
  const answers = Promise.allSettled([{ key: 'a', text: 'refused' }, { key: 'b', text: 'two' }].map(async asked => await ask(asked)))
  await answerAll()
  t.same(statements, ['a', 'b'])
  t.match(await answers, [{ reason: { message: 'no a' } }, { value: 'TWO' }])
})
