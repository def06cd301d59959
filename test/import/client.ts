import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Kunci } from '../helper.js'

/** What somebody does who moves accounts to Kunci. */

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** Starts the command line on a server's database. */
export function startKunci (kunci: Pick<Kunci, 'databaseUrl' | 'dataDir'>, args: string[]) {
  return spawn(process.execPath, ['build/src/cli.js', ...args], {
    env: { PATH: process.env['PATH'], DATABASE_URL: kunci.databaseUrl, DATA_DIR: kunci.dataDir, AUTH_SECRET: 'a secret for tests alone and of more than 32 bytes' }
  })
}

/** @param input what stands in the standard input, which ends behind it */
export async function runKunci (kunci: Pick<Kunci, 'databaseUrl' | 'dataDir'>, args: string[], input: string | Buffer = ''): Promise<Ended> {
  const process = startKunci(kunci, args)
  // One that refuses its arguments ends before it reads.
  process.stdin.on('error', () => {})
  process.stdin.end(input)
  const ended = new Promise<number | null>(resolve => { process.once('close', resolve) })
  const [out, err] = await Promise.all([text(process.stdout), text(process.stderr)])
  return { code: await ended, out, err }
}

/** Imports a file of that content. */
export async function importFile (kunci: Kunci, content: string | Buffer, { name = 'users.jsonl', args = [] }: { name?: string, args?: string[] } = {}): Promise<Ended> {
  const file = join(kunci.dataDir, name)
  await writeFile(file, content)
  return await runKunci(kunci, ['user', 'import', file, ...args])
}

/** @returns JSON Lines of these accounts */
export function jsonLines (...accounts: object[]): string {
  return accounts.map(account => `${JSON.stringify(account)}\n`).join('')
}

export async function signIn (kunci: Kunci, email: string, password: string): Promise<number> {
  return (await kunci.app.inject({ method: 'POST', url: '/auth/login', payload: { email, password } })).statusCode
}

export async function hashOf (kunci: Kunci, email: string): Promise<string | null | undefined> {
  const [user] = await kunci.sql<Array<{ password_hash: string | null }>>`select password_hash from users where email = ${email}`
  return user?.password_hash
}

/** @returns whatever an import writes, but for its times and ids */
export async function everything (kunci: Kunci) {
  return {
    users: await kunci.sql`select number, email, username, name, phone, password_hash from users order by number`,
    roles: await kunci.sql`select email, role.name, status, is_primary from user_roles join users on users.id = user_id join roles role on role.id = role_id order by email, role.name`,
    events: await kunci.sql`select number, type, user_id from audit_events order by number`
  }
}
