import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, symlink } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Command } from 'commander'
import t, { type Test } from 'tap'
import { startEmbeddedDatabase } from '../../db/embedded/start.js'
import { createProgram } from '../../src/cli/program.js'
import { createFolder } from '../folder.js'
import { listeningUrl } from './listening-url.js'

const run = promisify(execFile)

/** Puts the package as npm packs it into a folder of its own, with its command where npm links it. */
async function install (t: Test): Promise<{ folder: string, env: Record<string, string> }> {
  const folder = await createFolder(t)
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder])
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  await run('tar', ['xzf', filename], { cwd: folder })
  await symlink(resolve('node_modules'), join(folder, 'node_modules'))
  await mkdir(join(folder, 'bin'))
  const { bin } = JSON.parse(await readFile('package.json', 'utf8')) as { bin: { kunci: string } }
  await symlink(join(folder, 'package', bin.kunci), join(folder, 'bin', 'kunci'))
  await chmod(join(folder, 'package', bin.kunci), 0o755)
  return { folder, env: { PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}` } }
}

/** A command of the page and what the page says it prints. */
interface Example {
  command: string
  output: string[]
}

function examplesOf (page: string): Example[] {
  const lines = [...page.matchAll(/^```console\n([\s\S]*?)^```/gm)].flatMap(block => (block[1] ?? '').trimEnd().split('\n'))
  const examples: Example[] = []
  for (const line of lines) {
    if (line.startsWith('$ ')) examples.push({ command: line.slice(2), output: [] })
    else examples.at(-1)?.output.push(line)
  }
  return examples
}

/** What varies from run to run: ids, times, and what the page leaves out with an ellipsis. */
const VARYING = /([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})|(\d{4}-\d\d-\d\dT[\d:.]+Z)|(…|\d{13}\.\d+)/g

/**
 * @param actualIds which id stands here for one of the page; learnt where it is printed first
 * @returns whether the lines are as the page has them
 */
function isAsShown (shown: readonly string[], actual: readonly string[], actualIds: Map<string, string>): boolean {
  return shown.length === actual.length && shown.every((line, at) => {
    const ids: string[] = []
    const parts = line.split(new RegExp(VARYING.source, 'g'))
    const pattern = parts.map((part = '', place) => {
      if (place % 4 === 0) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
      if (part === '') return ''
      if (place % 4 === 1) ids.push(part)
      return place % 4 === 1 ? '([\\da-f-]{36})' : place % 4 === 2 ? '\\S{24}' : '.*'
    }).join('')
    const found = new RegExp(`^${pattern}$`).exec(actual[at] ?? '')
    return found !== null && ids.every((id, place) => {
      const here = found[place + 1] ?? ''
      if (!actualIds.has(id) && ![...actualIds.values()].includes(here)) actualIds.set(id, here)
      return actualIds.get(id) === here
    })
  })
}

function commandsOf (command: Command, ...path: string[]): string[] {
  return command.commands.length === 0 ? [path.join(' ')] : command.commands.flatMap(below => commandsOf(below, ...path, below.name()))
}

t.test('every line of docs/cli.md prints what the page says, run from the package as npm packs it', async t => {
  const examples = examplesOf(await readFile('docs/cli.md', 'utf8'))
  const known = commandsOf(createProgram(() => { throw new Error('nothing is run') }))
  for (const command of known) t.ok(examples.some(example => example.command.includes(`kunci ${command}`)), `${command} has an example`)

  const { folder, env } = await install(t)
  const shell = async (line: string) => await new Promise<string>(resolve => {
    execFile('bash', ['--norc', '-c', `{ ${line}\n} 2>&1`], { cwd: folder, env }, (_error, stdout) => { resolve(stdout) })
  })
  t.match(await shell('kunci migrate'), 'The database has the newest schema.\n')
  // Somebody has it open all the while, so that it is not started for each line anew.
  const database = await startEmbeddedDatabase({ dataDir: join(folder, '.data') })
  t.teardown(database.stop)
  const actualIds = new Map<string, string>()
  const server = { port: '3000' }
  for (const { command, output } of examples) {
    if (command.startsWith('curl')) server.port = await startServer(t, folder, env)
    const line = command.replaceAll(VARYING, text => actualIds.get(text) ?? text).replace(':3000', `:${server.port}`)
    const printed = (await shell(line)).split('\n').slice(0, -1)
    if (!isAsShown(output, printed, actualIds)) t.same(printed, output, command)
    else t.pass(command)
  }
})

async function startServer (t: Test, folder: string, env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, ['package/dist/src/server.js'], { cwd: folder, env: { ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(async () => {
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  return new URL(await listeningUrl(child)).port
}
