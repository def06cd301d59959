import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../../db/client.js'
import { newRowId } from '../row-id.js'
import type { BadLine, ImportProblem } from './import-problem.js'
import type { ImportedAccount } from './imported-account.js'

export interface StagedLines {
  accounts: Array<{ line: number, account: ImportedAccount }>
  problems: BadLine[]
}

/** Bad lines that are read at a time. */
const PAGE = 1000

/** Makes the tables, seen by this transaction alone and gone with it, in which lines wait until all are known to be good. */
export async function createStaging (tx: Executor): Promise<void> {
  await tx.execute(sql`create temporary table import_accounts (
    line bigint primary key, id uuid not null, keeps_id boolean not null, event_id uuid not null, email text not null, username text, name text, phone text,
    outlet_id uuid, role_ids uuid[] not null, password_hash text, email_verified_at timestamptz, disabled_at timestamptz, created_at timestamptz not null
  ) on commit drop`)
  await tx.execute(sql`create temporary table import_problems (line bigint not null, field text not null, rule text not null, earlier bigint) on commit drop`)
}

/** Stages the next lines. */
export async function stage (tx: Executor, { accounts, problems }: StagedLines, now: Date): Promise<void> {
  if (accounts.length > 0) {
    const rows = accounts.map(({ line, account }) => ({ line, eventId: newRowId(now), ...account, keepsId: account.id !== undefined, id: account.id ?? newRowId(now) }))
    await tx.execute(sql`insert into import_accounts
      select line, id, "keepsId", "eventId", email, username, name, phone, "outletId", "roleIds", "passwordHash", "emailVerifiedAt", "disabledAt", "createdAt"
      from json_to_recordset(${JSON.stringify(rows)}::json) as entry (line bigint, id uuid, "keepsId" boolean, "eventId" uuid, email text, username text, name text, phone text,
        "outletId" uuid, "roleIds" uuid[], "passwordHash" text, "emailVerifiedAt" timestamptz, "disabledAt" timestamptz, "createdAt" timestamptz)`)
  }
  if (problems.length > 0) {
    const rows = problems.flatMap(({ line, problems }) => problems.map(problem => ({ line, ...problem })))
    await tx.execute(sql`insert into import_problems select line, field, rule, null
      from json_to_recordset(${JSON.stringify(rows)}::json) as entry (line bigint, field text, rule text)`)
  }
}

/** Finds which staged lines say what an earlier one says, and what an account has already or could not have. */
export async function findConflicts (tx: Executor, now: Date): Promise<void> {
  await tx.execute(sql`analyze import_accounts`)
  await tx.execute(sql`insert into import_problems
    select line, field, 'repeated', earlier from (
      select line, 'email' as field, min(line) over (partition by email) as earlier from import_accounts
      union all select line, 'username', min(line) over (partition by lower(username)) from import_accounts where username is not null
      union all select line, 'id', min(line) over (partition by id) from import_accounts where keeps_id
    ) same where earlier < line`)
  await tx.execute(sql`insert into import_problems
    select line, 'email', 'taken', null::bigint from import_accounts entry where exists (select from users where users.email = entry.email)
      or ${isReserved(now)}
    union all select line, 'username', 'taken', null::bigint from import_accounts entry where exists (select from users where lower(users.username) = lower(entry.username))
    union all select line, 'id', 'taken', null::bigint from import_accounts entry where keeps_id and (exists (select from users where users.id = entry.id)
      or exists (select from audit_events event where event.user_id = entry.id)
      or exists (select from revocations where revocations.user_id = entry.id)
      or exists (select from invitations where invitations.account_id = entry.id))`)
  await tx.execute(sql`create index on import_problems (line)`)
  await tx.execute(sql`analyze import_problems`)
}

/** Whether the address of an entry was lately another account's, which may still take it back. */
function isReserved (now: Date): SQL {
  return sql`exists (select from one_time_tokens token where token.purpose like 'restore-email:%' and token.email = entry.email
    and token.used_at is null and token.expires_at > ${now.toISOString()}::timestamptz)`
}

/** @returns whether the address of a staged line is reserved, which it may have become while the accounts were written */
export async function hasReservedAddress (tx: Executor, now: Date): Promise<boolean> {
  const [found] = await tx.execute(sql`select line from import_accounts entry where ${isReserved(now)} limit 1`)
  return found !== undefined
}

/** @returns how many lines are bad */
export async function countBadLines (tx: Executor): Promise<number> {
  const [counted] = await tx.execute(sql`select count(distinct line)::int as lines from import_problems`)
  return Number(counted?.['lines'])
}

/** Gives the bad lines in the order of the file. */
export async function * listBadLines (tx: Executor): AsyncGenerator<BadLine> {
  for (let last = 0; ;) {
    const rows = await tx.execute<{ line: string, problems: Array<Omit<ImportProblem, 'earlier'> & { earlier: number | null }> }>(sql`
      select line, json_agg(json_build_object('field', field, 'rule', rule, 'earlier', earlier)) as problems
      from import_problems where line > ${last} group by line order by line limit ${PAGE}`)
    for (const { line, problems } of rows) {
      last = Number(line)
      yield { line: last, problems: problems.map(({ earlier, ...problem }) => earlier === null ? problem : { ...problem, earlier }) }
    }
    if (rows.length < PAGE) return
  }
}

/** Leaves the bad lines out. */
export async function dropBadLines (tx: Executor): Promise<void> {
  await tx.execute(sql`delete from import_accounts where line in (select line from import_problems)`)
}
