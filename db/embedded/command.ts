import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Account } from './unprivileged-account.js'

/** The whole environment of every child: nothing of the server's own (secrets, PGHOST and the like) reaches it. */
export const childEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC'
}

export interface CommandOptions {
  /** OS account to run as; without it that of this process. */
  account?: Account | undefined
  /** Working folder; it must be reachable by the account. */
  cwd?: string
}

/**
 * Runs a program to its end.
 * @param file a program on the system path, or the absolute path of one
 * @param args its arguments, visible to every local user: no secrets
 * @returns what it wrote to stdout
 * @throws the error of `child_process.execFile` (with `stderr`, and `code` its exit code or `ENOENT`) if it can't be run or fails
 */
export async function runCommand (file: string, args: string[], { account, cwd = '/' }: CommandOptions = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { ...account, cwd, env: childEnvironment, windowsHide: true, maxBuffer: 16 * 1024 * 1024 })
  return stdout
}
