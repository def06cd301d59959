#!/usr/bin/env node
import { constants } from 'node:os'
import { runCommand } from './cli/run.js'

/** The command line as a process; its commands stand in cli/program.ts. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: Error & { code?: string }) => {
    // Whoever read the output, such as `head`, may have seen enough.
    if (error.code === 'EPIPE') return
    process.exitCode = 1
    process.stderr.write(`kunci: the output cannot be written (${error.code ?? 'failed'})\n`)
  })
}

const end = await runCommand(process.argv.slice(2), process.env)
if (typeof end === 'string') {
  // Once more, to nobody's handler: whoever waits for the process learns what ended it.
  process.exitCode = 128 + constants.signals[end]
  process.kill(process.pid, end)
} else process.exitCode ??= end
