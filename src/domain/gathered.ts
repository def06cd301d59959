/** Milliseconds after which a statement waits for somebody else's, and no longer keeps others from theirs. */
const USUAL = 50

export interface Gathering<Asked, Answer> {
  /** how many are asked for together at most */
  most: number
  /** how many statements are under way at a time; what comes meanwhile is gathered */
  atOnce: number
  /** what two that cannot be asked for together have in common */
  keyOf: (asked: Asked) => string
  /** Asks for one by itself, which decides. */
  one: (asked: Asked) => Promise<Answer | undefined>
  /** Asks for several together. Those that it leaves out, or all where it fails, are asked for by themselves. */
  many: (asked: readonly Asked[]) => Promise<ReadonlyMap<string, Answer>>
}

interface Waiting<Asked, Answer> {
  asked: Asked
  resolve: (answer: Promise<Answer | undefined> | Answer) => void
}

/**
 * Gathers what is asked for while as many statements as are of use are under way, and asks for it together: a statement for twenty
 * rows costs the database little more than one for two. Whoever comes alone waits for nobody.
 *
 * @returns a function that asks for one
 */
export function gathered<Asked, Answer> ({ most, atOnce, keyOf, one, many }: Gathering<Asked, Answer>): (asked: Asked) => Promise<Answer | undefined> {
  let waiting: Array<Waiting<Asked, Answer>> = []
  let running = 0

  /** The longest waiting, one of each key. */
  function take (): Map<string, Waiting<Asked, Answer>> {
    const taken = new Map<string, Waiting<Asked, Answer>>()
    const left: typeof waiting = []
    for (const entry of waiting) {
      const key = keyOf(entry.asked)
      if (taken.size >= most || taken.has(key)) left.push(entry)
      else taken.set(key, entry)
    }
    waiting = left
    return taken
  }

  async function run (taken: ReadonlyMap<string, Waiting<Asked, Answer>>): Promise<void> {
    const entries = [...taken.values()]
    const [first] = entries
    if (first !== undefined && entries.length === 1) {
      const answer = one(first.asked)
      first.resolve(answer)
      await answer.catch(() => {})
      return
    }
    const answers = await many(entries.map(({ asked }) => asked)).catch(() => new Map<string, Answer>())
    for (const [key, { asked, resolve }] of taken) resolve(answers.get(key) ?? one(asked))
  }

  function next (): void {
    while (running < atOnce && waiting.length > 0) {
      running++
      void usual(run(take())).then(() => {
        running--
        next()
      })
    }
  }

  return async asked => await new Promise(resolve => {
    waiting.push({ asked, resolve })
    next()
  })
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
