import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { Refusal, UsageError } from './refusal.js'

/** @throws UsageError where nobody can be asked and `--yes` was not given */
export function requireAnswerable ({ yes }: { yes?: true }): void {
  if (yes !== true && !process.stdin.isTTY) throw new UsageError('this asks on a terminal whether it shall be done, and here is none: give --yes')
}

/**
 * Asks on the terminal, unless `--yes` was given.
 *
 * @throws Refusal where the answer is not yes
 */
export async function confirm (question: string, { yes }: { yes?: true }): Promise<void> {
  if (yes === true) return
  process.stderr.write(`${question} [y/N] `)
  const answer = await firstLine(createInterface({ input: process.stdin }))
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new Refusal('nothing was done')
}

/** Asks for a line on the terminal that is not shown while it is typed. */
export async function askUnseen (question: string): Promise<string> {
  const nowhere = new Writable({ write (_chunk, _encoding, done) { done() } })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 })
  // The terminal gives its keys to the interface, Ctrl-C too.
  lines.once('SIGINT', () => {
    lines.close()
    process.kill(process.pid, 'SIGINT')
  })
  process.stderr.write(question)
  const line = await firstLine(lines)
  process.stderr.write('\n')
  return line
}

/** @returns an empty text where the input ends without one */
async function firstLine (lines: Interface): Promise<string> {
  const line = await new Promise<string>(resolve => {
    lines.once('line', resolve)
    lines.once('close', () => { resolve('') })
  })
  lines.close()
  return line
}
