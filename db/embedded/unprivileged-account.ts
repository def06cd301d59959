import { runCommand } from './command.js'
import { EmbeddedDatabaseError } from './embedded-database-error.js'

/** An OS account, as `child_process.spawn` takes it. */
export interface Account {
  uid: number
  gid: number
}

/** Each list is one system's way to make a system account: shadow-utils, then BusyBox. */
const recipes = (name: string): string[][][] => [
  [['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name]],
  [['addgroup', '-S', name], ['adduser', '-S', '-D', '-H', '-G', name, name]]
]

/**
 * The account that PostgreSQL runs as when this process is root, which PostgreSQL refuses to be. It is made if it does not exist.
 * @param name the account's name; initdb needs one that the system knows by name
 * @throws EmbeddedDatabaseError if there is none and it can't be made, or if it is root by another name
 */
export async function unprivilegedAccount (name = 'postgres'): Promise<Account> {
  let account = await lookUp(name)
  for (const commands of recipes(name)) {
    if (account !== undefined) break
    for (const [program = '', ...args] of commands) await runCommand(program, args).catch(() => undefined)
    account = await lookUp(name)
  }
  if (account === undefined || account.uid === 0) {
    throw new EmbeddedDatabaseError(`PostgreSQL refuses to run as root and no account "${name}" could be made for it: run Kunci as another user or set DATABASE_URL`)
  }
  return account
}

async function lookUp (name: string): Promise<Account | undefined> {
  const text = await runCommand('id', [name]).catch(() => '')
  const [, uid, gid] = /^uid=(\d+)\S* gid=(\d+)/.exec(text) ?? []
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}
