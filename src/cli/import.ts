import { type Command, Option } from 'commander'
import type { Config } from '../config.js'
import { importAccounts, ImportRefusal, type ImportResult } from '../domain/account-import/account-import.js'
import type { BadLine } from '../domain/account-import/import-problem.js'
import { finish } from './arguments.js'
import { readCsv } from './import/csv.js'
import { type ImportFile, ImportFileError, openImportFile } from './import/file.js'
import { readJsonLines } from './import/json-lines.js'
import { readLines } from './import/lines.js'
import { createProgress } from './import/progress.js'
import { describeBadLine } from './import/words.js'
import { onInstallation } from './installation.js'
import { AlreadySaid, Refusal } from './refusal.js'

/** Bad lines that are told of, unless all are asked for. */
const MOST_TOLD = 100

const readers = { jsonl: readJsonLines, csv: readCsv } as const

interface ImportOptions {
  format?: keyof typeof readers
  dryRun?: true
  skipBad?: true
  outlet?: string
  role?: string
  json?: true
}

/** `kunci user import`. */
export function addImportCommand (user: Command, readConfig: () => Config): void {
  const command = user.command('import')
    .description('takes accounts over from another system, with their password hashes; all or none')
    .argument('<file>', 'JSON Lines, or CSV with a header; - is the standard input')
    .addOption(new Option('--format <format>', 'what the file is; by its name otherwise, JSON Lines where that ends in anything but .csv').choices(Object.keys(readers)))
    .option('--dry-run', 'only looks: writes nothing')
    .option('--skip-bad', 'imports the good lines of a file with bad ones')
    .option('--outlet <name>', 'the outlet of accounts whose line names none')
    .option('--role <name>', 'the role of accounts whose line names none; the default role otherwise')
  finish(command, 'kunci user import accounts.jsonl --dry-run')
    .action(async (path: string, options: ImportOptions) => {
      try {
        await importFile(path, options, readConfig())
      } catch (error) {
        throw error instanceof ImportFileError || error instanceof ImportRefusal ? new Refusal(refusal(error, path, options)) : error
      }
    })
}

async function importFile (path: string, { format, dryRun, skipBad, outlet, role, json }: ImportOptions, config: Config): Promise<void> {
  const file = await openImportFile(path)
  const progress = createProgress(process.stderr)
  const badLines: BadLine[] = []
  let bytes = 0
  async function * counted ({ chunks }: ImportFile): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length
      yield chunk
    }
  }
  try {
    const lines = readers[format ?? (/\.csv$/i.test(path) ? 'csv' : 'jsonl')](readLines(counted(file)))
    const result = await onInstallation(config, async ({ db, now }) => await importAccounts(db, lines, {
      outlet,
      role,
      phoneRegion: config.phoneRegion,
      isDryRun: dryRun === true,
      skipsBad: skipBad === true,
      onBadLine: line => {
        if (json === true || badLines.length < MOST_TOLD) badLines.push(line)
      },
      onProgress: ({ doing, done, of }) => {
        const share = of !== undefined ? done / of : file.size === undefined ? undefined : bytes / file.size
        progress.show(doing, done, share)
      }
    }, now))
    progress.end()
    if (result.accounts === 0) throw new ImportFileError('holds no accounts')
    const isRefused = result.bad > 0 && skipBad !== true
    if (json === true) tellJson(result, badLines, dryRun === true)
    else tell(result, badLines, { isRefused, isDryRun: dryRun === true })
    if (isRefused) throw new AlreadySaid()
  } finally {
    progress.end()
  }
}

function tellJson (result: ImportResult, badLines: readonly BadLine[], dryRun: boolean): void {
  const told = badLines.map(bad => ({ ...bad, reason: describeBadLine(bad) }))
  process.stdout.write(`${JSON.stringify({ ...result, dryRun, badLines: told })}\n`)
}

function tell ({ accounts, bad, imported }: ImportResult, badLines: readonly BadLine[], { isRefused, isDryRun }: { isRefused: boolean, isDryRun: boolean }): void {
  const lines = badLines.map(line => `line ${line.line}: ${describeBadLine(line)}`)
  if (bad > badLines.length) lines.push(`and ${bad - badLines.length} more bad lines; --json gives all`)
  if (isRefused) lines.push(`kunci: nothing was imported, bad lines: ${bad} of ${accounts}`)
  if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`)
  const leftOut = bad > 0 ? `, ${bad} left out` : ''
  if (!isRefused) process.stdout.write(isDryRun ? `${counted(accounts - bad)} can be imported${leftOut}; nothing was written\n` : `${counted(imported)} imported${leftOut}\n`)
}

function counted (accounts: number): string {
  return `${accounts} account${accounts === 1 ? '' : 's'}`
}

function refusal (error: ImportFileError | ImportRefusal, path: string, { outlet, role }: ImportOptions): string {
  if (error instanceof ImportFileError) return `${path === '-' ? 'the standard input' : path} ${error.message}`
  switch (error.code) {
    case 'outlet': return `there is no outlet ${JSON.stringify(outlet)}`
    case 'role': return role === undefined ? 'there is no default role: name one by --role' : `there is no role ${JSON.stringify(role)}`
    case 'changed': return 'accounts, roles or outlets changed meanwhile: nothing was imported, run it again'
  }
}
