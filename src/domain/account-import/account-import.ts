import { asc, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../../db/client.js'
import { databaseFailure } from '../../../db/failure.js'
import { outlets } from '../../../db/schema/outlets.js'
import { roles } from '../../../db/schema/roles.js'
import type { PhoneRegion } from '../phone-number.js'
import type { BadLine, SourceLine } from './import-problem.js'
import { type ImportSetting, readImportedAccount } from './imported-account.js'
import { countBadLines, createStaging, dropBadLines, findConflicts, hasReservedAddress, listBadLines, stage, type StagedLines } from './staging.js'

export interface AccountImport {
  /** the outlet of an account whose line names none, by name; undefined for none */
  outlet: string | undefined
  /** the same for the role; undefined for the default role */
  role: string | undefined
  phoneRegion: PhoneRegion
  /** whether only to look */
  isDryRun: boolean
  /** whether to import the good lines of a file with bad ones */
  skipsBad: boolean
  /** told of each bad line, in the order of the file, once all are known */
  onBadLine: (line: BadLine) => void
  /** told every now and then how many lines were read, or accounts written of how many */
  onProgress: (progress: { doing: 'reading' | 'writing', done: number, of?: number }) => void
}

export interface ImportResult {
  /** accounts that the file speaks of */
  accounts: number
  /** of these those that cannot be imported */
  bad: number
  imported: number
}

/** Why nothing at all was imported. */
export class ImportRefusal extends Error {
  readonly code: 'outlet' | 'role' | 'changed'

  /** @param code `outlet` or `role`: there is none of that name; `changed`: an account came up meanwhile that has what a line says, or a role or outlet is gone */
  constructor (code: ImportRefusal['code']) {
    super(code)
    this.code = code
  }
}

const BATCH = 1000
/** Accounts that one statement writes. */
const WRITE_BATCH = 5000

/**
 * Imports accounts in one transaction, all or none: whoever looks meanwhile sees none, and after a crash there is none. The
 * lines wait in tables of the transaction's own until the last one is read and all are held against each other and the
 * accounts that exist, so that nothing is locked for long.
 *
 * @param lines in the order of the file
 * @throws ImportRefusal
 */
export async function importAccounts (db: Database, lines: AsyncIterable<SourceLine>, { outlet, role, phoneRegion, isDryRun, skipsBad, onBadLine, onProgress }: AccountImport, now: Date): Promise<ImportResult> {
  return await refusing(async () => await db.transaction(async tx => {
    await setPatience(tx)
    const setting = await readSetting(tx, { outlet, role, phoneRegion, now })
    await createStaging(tx)
    let accounts = 0
    for await (const staged of readBatches(lines, setting)) {
      await stage(tx, staged, now)
      accounts += staged.accounts.length + staged.problems.length
      onProgress({ doing: 'reading', done: accounts })
    }
    await findConflicts(tx, now)
    const bad = await countBadLines(tx)
    for await (const line of listBadLines(tx)) onBadLine(line)
    if (isDryRun || (bad > 0 && !skipsBad)) return { accounts, bad, imported: 0 }
    await dropBadLines(tx)
    await writeAccounts(tx, now, done => { onProgress({ doing: 'writing', done, of: accounts - bad }) })
    if (await hasReservedAddress(tx, now)) throw new ImportRefusal('changed')
    return { accounts, bad, imported: accounts - bad }
  }))
}

/** What a lost race means: 23505, somebody took a name or address since it was looked up; 40P01 and 55P03, was about to; 23503, a role or outlet is gone. */
async function refusing<Result> (work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (['23503', '23505', '40P01', '55P03'].includes(databaseFailure(error)?.code ?? '')) throw new ImportRefusal('changed')
    throw error
  }
}

/** The pool's limits are those of a request; who reads a file may wait for the next line of it. */
async function setPatience (tx: Executor): Promise<void> {
  await tx.execute(sql`select set_config('statement_timeout', '0', true), set_config('lock_timeout', '60s', true), set_config('idle_in_transaction_session_timeout', '10min', true)`)
}

async function readSetting (tx: Executor, { outlet, role, phoneRegion, now }: { outlet: string | undefined, role: string | undefined, phoneRegion: PhoneRegion, now: Date }): Promise<ImportSetting> {
  const outletIds = new Map((await tx.select({ name: outlets.name, id: outlets.id }).from(outlets)).map(({ name, id }) => [name, id]))
  const known = await tx.select({ name: roles.name, id: roles.id, isDefault: roles.isDefault }).from(roles).orderBy(asc(roles.number))
  const outletId = outlet === undefined ? undefined : outletIds.get(outlet)
  const roleId = known.find(({ name, isDefault }) => role === undefined ? isDefault : name === role)?.id
  if (outlet !== undefined && outletId === undefined) throw new ImportRefusal('outlet')
  if (roleId === undefined) throw new ImportRefusal('role')
  return { outlets: outletIds, roles: new Map(known.map(({ name, id }) => [name, id])), outletId, roleId, phoneRegion, now }
}

async function * readBatches (lines: AsyncIterable<SourceLine>, setting: ImportSetting): AsyncGenerator<StagedLines> {
  let staged: StagedLines = { accounts: [], problems: [] }
  for await (const source of lines) {
    const { line } = source
    const read = 'fields' in source ? readImportedAccount(source.fields, setting) : { problems: [...source.problems] }
    if ('account' in read) staged.accounts.push({ line, account: read.account })
    else staged.problems.push({ line, problems: read.problems })
    if (staged.accounts.length + staged.problems.length < BATCH) continue
    yield staged
    staged = { accounts: [], problems: [] }
  }
  yield staged
}

/** Writes the staged accounts with their roles and events, in the order of the file. */
async function writeAccounts (tx: Executor, now: Date, onProgress: (done: number) => void): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`
  for (let last = 0, done = 0; ;) {
    const [range] = await tx.execute(sql`select count(*)::int as accounts, max(line) as last from (select line from import_accounts where line > ${last} order by line limit ${WRITE_BATCH}) next`)
    const count = Number(range?.['accounts'])
    if (count === 0) return
    const isNext = sql`line > ${last} and line <= ${Number(range?.['last'])}`
    await tx.execute(sql`insert into users (id, email, username, name, phone, password_hash, outlet_id, email_verified_at, disabled_at, created_at, updated_at)
      select id, email, username, name, phone, password_hash, outlet_id, email_verified_at, disabled_at, created_at, ${at} from import_accounts where ${isNext} order by line`)
    await tx.execute(sql`insert into user_roles (user_id, role_id, status, is_primary, created_at, updated_at)
      select entry.id, role.id, true, place = 1, ${at}, ${at} from import_accounts entry, unnest(role_ids) with ordinality role (id, place) where ${isNext}`)
    await tx.execute(sql`insert into audit_events (id, type, user_id, created_at)
      select event_id, 'account.imported', id, ${at} from import_accounts where ${isNext} order by line`)
    last = Number(range?.['last'])
    done += count
    onProgress(done)
  }
}
