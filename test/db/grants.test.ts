import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { createDatabase } from '../helper.js'

async function connect (t: Test): Promise<postgres.Sql> {
  const sql = postgres(await createDatabase(t), { max: 1, onnotice: () => {} })
  t.teardown(async () => { await sql.end() })
  return sql
}

async function giveRoles (sql: postgres.ISql, userId: string, ...names: string[]): Promise<void> {
  await sql`insert into user_roles (user_id, role_id, status, is_primary, created_at, updated_at) select ${userId}, id, true, name = 'user', now(), now() from roles where name in ${sql(names)}`
}

async function makeAccount (sql: postgres.ISql): Promise<string> {
  const id = randomUUID()
  await sql`insert into users (id, email, created_at, updated_at) values (${id}, ${`${id}@example.com`}, now(), now())`
  return id
}

async function announced (sql: postgres.Sql) {
  return await sql`select scope, user_id, version::int from revocations order by number`
}

t.test('the roles that an account is made with make no token void, however many they are', async t => {
  const sql = await connect(t)
  await sql.begin(async tx => {
    const id = await makeAccount(tx)
    await giveRoles(tx, id, 'user')
    await giveRoles(tx, id, 'volunteer', 'admin')
  })
  t.same(await announced(sql), [])
})

t.test('a role that is given later does, also where the same transaction changes what was there', async t => {
  const sql = await connect(t)
  const id = await makeAccount(sql)
  await giveRoles(sql, id, 'user')
  await giveRoles(sql, id, 'volunteer')
  t.same(await announced(sql), [{ scope: 'grants', user_id: id, version: 1 }])

  await sql.begin(async tx => {
    await tx`update user_roles set status = false where role_id = (select id from roles where name = 'volunteer')`
    await giveRoles(tx, id, 'admin')
  })
  const versions = (await announced(sql)).map(row => row['version'])
  t.same([...versions], [1, 2, 3])
  t.same(await sql`select token_version from users`, [{ token_version: 3 }])
})
