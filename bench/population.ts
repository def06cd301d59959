import postgres from 'postgres'
import { migrateDatabase } from '../db/migrate.js'
import { hashPassword } from '../src/domain/password-hash.js'

/** Every account's; one hash for all of them, since nobody compares them with each other. */
export const PASSWORD = 'Password123!'
/** Sessions for each account. */
const PER_ACCOUNT = 5
const CHUNK = 100_000

export interface Population {
  sessions: number
  accounts: number
}

export function emailOf (account: number): string {
  return `user${account}@bench.test`
}

/** Ids that ascend with their number like those of version 7, and can be found again by it. */
const functions = `
create schema bench;
create function bench.row_id(kind text, n bigint) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex(1780000000000 + n), 12, '0') || '7' || substr(md5(kind || n), 1, 3) || '8' || substr(md5(kind || n), 4, 15))::uuid $$;
create schema reference;
create table reference.users (id uuid primary key, email text not null unique, name text, password_hash text not null, created_at timestamptz not null);
create table reference.sessions (id uuid primary key, user_id uuid not null, secret_hash bytea not null, rotated_at timestamptz not null, expires_at timestamptz not null);`

const accounts = `insert into users (id, email, username, name, password_hash, outlet_id, email_verified_at, created_at, updated_at)
  select bench.row_id('user', n), 'user' || n || '@bench.test', 'user' || n, 'User ' || n, $3, (select id from outlets limit 1), now(), now(), now() from generate_series($1::bigint, $2) n`

const grants = `insert into user_roles (user_id, role_id, status, is_primary, created_at, updated_at)
  select bench.row_id('user', n), (select id from roles where is_default), true, true, now(), now() from generate_series($1::bigint, $2) n`

const sessions = `insert into sessions (user_id, id, contract, generation, created_at, rotated_at, expires_at, ip, user_agent, device)
  select bench.row_id('user', n % $3::bigint), bench.row_id('session', n), 'outlet', 1, now(), now(), now() + interval '3 days', '203.0.113.7', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'desktop'
  from generate_series($1::bigint, $2) n`

const events = `insert into audit_events (id, type, contract, user_id, session_id, ip, user_agent, created_at)
  select bench.row_id('event', n), 'session.started', 'outlet', bench.row_id('user', n % $3::bigint), bench.row_id('session', n), '203.0.113.7', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', now()
  from generate_series($1::bigint, $2) n`

const referenceUsers = `insert into reference.users
  select bench.row_id('user', n), 'user' || n || '@bench.test', 'User ' || n, $3, now() from generate_series($1::bigint, $2) n`

const referenceSessions = `insert into reference.sessions
  select bench.row_id('session', n), bench.row_id('user', n % $3::bigint), sha256(bench.row_id('session', n)::text::bytea), now(), now() + interval '3 days' from generate_series($1::bigint, $2) n`

/**
 * Fills a database with sessions, a fifth as many accounts and an event for each session, and the reference's tables with the same.
 * One that is filled already stays as it is.
 *
 * @param url of a database that is empty, or was filled with as many
 */
export async function populate (url: string, size: number, log: (line: string) => void): Promise<Population> {
  const population = { sessions: size, accounts: Math.ceil(size / PER_ACCOUNT) }
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const [filled] = await sql`select to_regclass('bench.filled') is not null as is_filled`
    await migrateDatabase(url)
    if (filled?.['is_filled'] === true) return population
    await sql.unsafe(`drop schema if exists bench cascade; drop schema if exists reference cascade; truncate users, audit_events cascade;${functions}`)
    // Triggers and foreign keys cost more than the rows; who may not leave them out waits longer.
    await sql`set session_replication_role = replica`.catch(() => {})
    const words = await definitionOf(sql, 'users_words')
    await sql.unsafe('drop index users_words')
    const hash = hashPassword(PASSWORD)
    const steps: Array<[string, string, number, Array<string | number>]> = [
      ['accounts', accounts, population.accounts, [hash]],
      ['their roles', grants, population.accounts, []],
      ['sessions', sessions, size, [population.accounts]],
      ['events', events, size, [population.accounts]],
      ['accounts of the reference', referenceUsers, population.accounts, [hash]],
      ['sessions of the reference', referenceSessions, size, [population.accounts]]
    ]
    for (const [what, statement, count, values] of steps) {
      const began = performance.now()
      for (let from = 0; from < count; from += CHUNK) await sql.unsafe(statement, [from, Math.min(count, from + CHUNK) - 1, ...values])
      log(`filled ${count} ${what} in ${Math.round((performance.now() - began) / 1000)} s`)
    }
    await sql.unsafe(words)
    await sql.unsafe('create table bench.filled ()')
    await sql.unsafe('vacuum analyze')
    await sql.unsafe('checkpoint').catch(() => {})
    return population
  } finally {
    await sql.end()
  }
}

async function definitionOf (sql: postgres.Sql, index: string): Promise<string> {
  const [found] = await sql`select indexdef from pg_indexes where indexname = ${index}`
  return String(found?.['indexdef'])
}
