import { type Command, CommanderError, type OutputConfiguration } from 'commander'
import { type Config, readConfig } from '../config.js'
import { contracts } from '../contracts.js'
import { visible } from './output.js'
import { createProgram } from './program.js'
import { AlreadySaid, Interrupted, UsageError } from './refusal.js'
import { failureLine } from './sentences.js'

/**
 * Runs one command. What goes wrong is said in one line on standard error.
 *
 * @param args such as `process.argv` without its first two
 * @param env such as `process.env`
 * @param output where it writes; the process's own streams by default
 * @returns the exit code: 0 done, 1 failed or refused, 2 given wrongly; or the signal that ended it
 */
export async function runCommand (args: readonly string[], env: Readonly<Record<string, string | undefined>>, output: OutputConfiguration = {}): Promise<number | NodeJS.Signals> {
  let config: Config | undefined
  const program = createProgram(() => {
    config = readConfig(env, contracts)
    return config
  })
  pointToHelp(program, output)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof Interrupted) return error.signal
    if (error instanceof AlreadySaid) return 1
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    program.configureOutput().writeErr?.(`${failureLine(error, config?.databaseDirectUrl)}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

/** What a command is not given rightly is said in one line, which leads to its help. */
function pointToHelp (command: Command, output: OutputConfiguration, path: readonly string[] = []): void {
  const names = [...path, command.name()]
  command.exitOverride().configureOutput({
    ...output,
    outputError (text, write) {
      const said = visible(text.replace(/^error: /, '').trim().replaceAll(/\s*\n\s*/g, ' ').replace(/\.$/, ''))
      write(`kunci: ${said}: see ${names.join(' ')} --help\n`)
    }
  })
  for (const part of command.commands) pointToHelp(part, output, names)
}
