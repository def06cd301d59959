import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { runCommand } from '../../src/cli/run.js'
import { createFolder } from '../folder.js'
import { build, createDatabase, type Kunci, TestClock } from '../helper.js'

export interface Ended {
  /** the exit code, or the signal that ended it */
  code: number | NodeJS.Signals | null
  out: string
  err: string
}

/** Runs the command line as whoever has the environment would. */
export type CommandLine = (...args: string[]) => Promise<Ended>

const SECRET = 'a secret for tests alone and of more than 32 bytes'

/** Runs a command in this process: nothing of it is replaced, and it starts at once. */
export async function run (env: Record<string, string>, args: readonly string[]): Promise<Ended> {
  const ended = { out: '', err: '' }
  const code = await runCommand(args, env, {
    writeOut (text) { ended.out += text },
    writeErr (text) { ended.err += text }
  })
  return { code, ...ended }
}

/**
 * Runs a command as a process of its own.
 *
 * @param input what stands on its standard input
 */
export async function runProcess (env: Record<string, string>, args: readonly string[], input: string | Buffer = ''): Promise<Ended> {
  const child = spawn(process.execPath, ['build/src/cli.js', ...args], { env: { PATH: process.env['PATH'], ...env }, stdio: 'pipe' })
  // One that does not read its input may be gone before it is written.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return await endOf(child)
}

/** Starts a command where the test runner does not look on, which takes signals its own way and writes as the account that it knows. */
export function startApart (env: Record<string, string>, args: readonly string[], account: { uid?: number, gid?: number } = {}): ChildProcessWithoutNullStreams {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  return spawn('env', ['-i', ...variables, process.execPath, 'build/src/cli.js', ...args], { ...account, stdio: 'pipe' })
}

export async function endOf (child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const ended = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => { ended.out += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { ended.err += chunk.toString() })
  const [code, signal] = await once(child, 'close') as [number | null, NodeJS.Signals | null]
  return { code: code ?? signal, ...ended }
}

/** The environment of an installation on a database of the test's own, on which no server runs. */
export async function newEnvironment (t: Test, databaseUrl?: string): Promise<Record<string, string>> {
  return { DATABASE_URL: databaseUrl ?? await createDatabase(t), DATA_DIR: await createFolder(t), AUTH_SECRET: SECRET }
}

/** A command line on a database of the test's own. */
export async function newCommandLine (t: Test): Promise<CommandLine> {
  const env = await newEnvironment(t)
  return async (...args) => await run(env, args)
}

/** A server whose clock shows the time at which it was built, as the command line's does, and a command line beside it. */
export async function buildBeside (t: Test, settings: Record<string, string> = {}): Promise<{ server: Kunci, env: Record<string, string>, kunci: CommandLine }> {
  const clock = new TestClock()
  clock.now = new Date()
  const server = await build(t, settings, { databaseUrl: await createDatabase(t), clock })
  const env = { ...await newEnvironment(t, server.databaseUrl), ...settings }
  return { server, env, kunci: async (...args) => await run(env, args) }
}

/** @returns what varies from run to run put as `<id>` and `<time>` */
export function masked (text: string): string {
  return text.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '<id>').replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
}

/** @returns the cells of a table, or of the two columns in which one thing is shown */
export function cells (out: string): string[][] {
  return masked(out).trimEnd().split('\n').map(line => line.split(/ {2,}/))
}

/** @returns the one JSON document that was printed */
export function json<Document> ({ out }: Ended): Document {
  return JSON.parse(out) as Document
}
