/** Milliseconds after which a statement waits for somebody else's, and no longer keeps others from theirs. */
const USUAL = 50

export interface Gathering<Asked, Answer> {
  /** how many are asked for together at most */
  most: number
  /** how many statements are under way at a time; what comes meanwhile is gathered */
  atOnce: number
  keyOf: (asked: Asked) => string
  /** whether two of one key that wait at the same moment get one answer; else the second is asked for by itself, at once */
  shared: boolean
  /** Asks for one by itself, which decides. */
  one: (asked: Asked) => Promise<Answer | undefined>
  /** Asks for several together. Those that it leaves out, or all where it fails, are asked for by themselves. */
  many: (asked: readonly Asked[]) => Promise<ReadonlyMap<string, Answer>>
}

interface Waiting<Asked, Answer> {
  asked: Asked
  answer: Promise<Answer | undefined>
  resolve: (answer: Promise<Answer | undefined> | Answer) => void
}

/**
 * Gathers what is asked for while as many statements as are of use are under way, and asks for it together: a statement for twenty
 * rows costs the database little more than one for two. A statement starts at the end of the event loop's turn, so that it has all who came in that
 * turn: begun with the first of them, it would leave the others to the next.
 *
 * @returns a function that asks for one
 */
export function gathered<Asked, Answer> ({ most, atOnce, keyOf, shared, one, many }: Gathering<Asked, Answer>): (asked: Asked) => Promise<Answer | undefined> {
  const waiting = new Map<string, Waiting<Asked, Answer>>()
  let running = 0
  let asking = false

  /** The longest waiting. */
  function take (): Array<[string, Waiting<Asked, Answer>]> {
    const taken: Array<[string, Waiting<Asked, Answer>]> = []
    for (const entry of waiting) {
      if (taken.length === most) break
      taken.push(entry)
    }
    for (const [key] of taken) waiting.delete(key)
    return taken
  }

  async function run (taken: Array<[string, Waiting<Asked, Answer>]>): Promise<void> {
    const [first] = taken
    if (first !== undefined && taken.length === 1) {
      const [, { asked, resolve }] = first
      const answer = one(asked)
      resolve(answer)
      await answer.catch(() => {})
      return
    }
    const answers = await many(taken.map(([, { asked }]) => asked)).catch(() => new Map<string, Answer>())
    for (const [key, { asked, resolve }] of taken) resolve(answers.get(key) ?? one(asked))
  }

  function next (): void {
    asking = false
    while (running < atOnce && waiting.size > 0) {
      running++
      void usual(run(take())).then(() => {
        running--
        soon()
      })
    }
  }

  function soon (): void {
    if (asking || running >= atOnce || waiting.size === 0) return
    asking = true
    setImmediate(next)
  }

  return async asked => {
    const key = keyOf(asked)
    const alike = waiting.get(key)
    if (alike !== undefined) return await (shared ? alike.answer : one(asked))
    let settle: Waiting<Asked, Answer>['resolve'] = () => {}
    const answer = new Promise<Answer | undefined>(resolve => { settle = resolve })
    waiting.set(key, { asked, answer, resolve: settle })
    soon()
    return await answer
  }
}

/** @returns when the statement is over, or takes longer than it does by itself */
async function usual (statement: Promise<void>): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, USUAL)
    void statement.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
