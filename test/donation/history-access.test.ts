import t from 'tap'
import { build } from '../helper.js'
import { BAD_TOKEN, CONTRACTS, DONATION, FORBIDDEN, login, register, REQUIRED, tokenHistory } from './client.js'

const ADMINISTRATOR = { email: 'admin@example.com', password: 'Rahasia-besar-1' }
const UNKNOWN_ID = { success: false, message: 'ID user harus berupa angka' }

interface Entry {
  id: number
  id_user: number
}

const kunci = await build(t, { CONTRACTS, ADMIN_EMAIL: ADMINISTRATOR.email, ADMIN_PASSWORD: ADMINISTRATOR.password })
const { app, clock, sql } = kunci

async function account (local: string): Promise<{ id: number, token: string }> {
  const email = `${local}@example.com`
  return { id: (await register(kunci, { email })).json().data.id, token: await login(kunci, email) }
}

async function page (token: string, id: number, query = ''): Promise<Entry[]> {
  return (await tokenHistory(kunci, token, id, query)).json<{ data: Entry[] }>().data
}

t.test('it is read in pages without gaps or repeats, newest first', async t => {
  const { id, token } = await account('pages')
  await account('between')
  for (let times = 0; times < 4; times++) {
    await login(kunci, 'pages@example.com')
    await login(kunci, 'between@example.com')
  }
  const all = await page(token, id)
  t.equal(all.length, 5)
  t.same(all.map(entry => entry.id), all.map(entry => entry.id).toSorted((one, other) => other - one))
  t.ok(all.every(entry => entry.id_user === id))

  t.same(await page(token, id, '?limit=1'), all.slice(0, 1))
  t.same(await page(token, id, '?limit=100'), all)
  t.same(await page(token, id, `?before=${all[1]?.id}`), all.slice(2))
  t.same(await page(token, id, `?before=${(all[1]?.id ?? 0) + 1}`), all.slice(1), "a number that is no event's")
  t.same(await page(token, id, `?before=${all[4]?.id}`), [])
  t.same(await page(token, id, '?before=0'), [])
  t.same(await page(token, id, `?before=${'9'.repeat(30)}`), all)
  t.same(await page(token, id, `?before=${'9'.repeat(400)}`), all)

  const pages: Entry[][] = []
  for (let before = ''; pages.length < 5;) {
    const next = await page(token, id, `?limit=2${before}`)
    if (next.length === 0) break
    pages.push(next)
    before = `&before=${next.at(-1)?.id}`
  }
  t.same(pages, [all.slice(0, 2), all.slice(2, 4), all.slice(4)])
})

t.test('a page is 50 where nothing else is asked for', async t => {
  const { id, token } = await account('many')
  await sql`insert into audit_events (id, type, contract, user_id, created_at)
    select gen_random_uuid(), 'session.rotated', 'console', users.id, ${clock.now} from users, generate_series(1, 150) where number = ${id}`
  t.equal((await page(token, id)).length, 50)
  t.equal((await page(token, id, '?limit=51')).length, 51)
  t.equal((await page(token, id, '?limit=100')).length, 100)
})

t.test('a limit that is no whole number from 1 to 100 is refused', async t => {
  const { id, token } = await account('limit')
  for (const limit of ['0', '101', 'abc', '1e1', '-1', '%2B1', '1.0', '01', '0x10', '%201', 'Infinity', '9'.repeat(30)]) {
    const response = await tokenHistory(kunci, token, id, `?limit=${limit}`)
    t.equal(response.statusCode, 400, limit)
    t.same(response.json(), { success: false, message: 'Limit harus berupa bilangan bulat dari 1 sampai 100' }, limit)
  }
  t.same((await tokenHistory(kunci, token, id, '?limit=')).json(), { success: false, message: 'Data input tidak lengkap', errors: ['Limit harus diisi'] })
  t.same((await tokenHistory(kunci, token, id, '?limit=1&limit=2')).json(), { success: false, message: 'Limit harus berupa teks' })
})

t.test('a before that is no number is refused', async t => {
  const { id, token } = await account('before')
  for (const before of ['abc', '1e3', '-1', '%2B1', '01', '1.0', '1%20', "1'%20or%20'1'='1", 'null']) {
    const response = await tokenHistory(kunci, token, id, `?before=${before}`)
    t.equal(response.statusCode, 400, before)
    t.same(response.json(), { success: false, message: 'Before harus berupa angka' }, before)
  }
  const both = await tokenHistory(kunci, token, id, '?before=abc&limit=abc')
  t.equal(both.statusCode, 400)
  t.same(both.json(), { success: false, message: 'Data input tidak valid', errors: ['Limit harus berupa bilangan bulat dari 1 sampai 100', 'Before harus berupa angka'] })
})

t.test('an id that is no number is refused', async t => {
  const { id, token } = await account('number')
  const [row] = await sql`select id from users where number = ${id}`
  for (const form of ['1e3', `0${id}`, `-${id}`, `+${id}`, `%2B${id}`, `%20${id}`, `${id}%20`, `${id}.0`, `0x${id}`, 'abc', 'me', 'null', `${id},1`, '%D9%A1', String(row?.['id'])]) {
    const response = await tokenHistory(kunci, token, form)
    t.equal(response.statusCode, 400, form)
    t.same(response.json(), UNKNOWN_ID, form)
  }
})

t.test("somebody else's history, and one of an account that does not exist, are refused alike", async t => {
  const own = await account('own')
  const other = await account('other')
  for (const id of [other.id, 1, 0, 999_999, Number.MAX_SAFE_INTEGER, '9223372036854775808', '123456789012345678901234567890', '9'.repeat(400)]) {
    const response = await tokenHistory(kunci, own.token, id)
    t.equal(response.statusCode, 403, String(id).slice(0, 40))
    t.same(response.json(), FORBIDDEN, String(id).slice(0, 40))
  }
  t.equal((await page(own.token, own.id)).length, 1)
})

t.test('an administrator sees every history, and no more than there is', async t => {
  const { id, token } = await account('seen')
  const administrator = await login(kunci, ADMINISTRATOR.email, ADMINISTRATOR.password)
  const response = await tokenHistory(kunci, administrator, id)
  t.equal(response.statusCode, 200)
  t.same(response.json(), (await tokenHistory(kunci, token, id)).json())
  for (const unknown of [0, 999_999, '123456789012345678901234567890']) {
    const response = await tokenHistory(kunci, administrator, unknown)
    t.equal(response.statusCode, 403, String(unknown))
    t.same(response.json(), FORBIDDEN, String(unknown))
  }

  const inConsole = await app.inject({ method: 'POST', url: '/api/auth/login', payload: ADMINISTRATOR })
  const foreign = await tokenHistory(kunci, inConsole.json().data.token, id)
  t.equal(foreign.statusCode, 401, 'by a token of another contract neither')
  t.same(foreign.json(), BAD_TOKEN)

  await sql`update user_roles set status = false from users where users.id = user_id and email = ${ADMINISTRATOR.email}`
  t.same((await tokenHistory(kunci, administrator, id)).json(), FORBIDDEN, 'nor once the role is no longer active')
})

t.test('who is not signed in sees nothing', async t => {
  const without = await app.inject({ method: 'GET', url: `${DONATION}/riwayat-token/1` })
  t.equal(without.statusCode, 401)
  t.same(without.json(), REQUIRED)
  const bad = await tokenHistory(kunci, 'bad', 1)
  t.equal(bad.statusCode, 401)
  t.same(bad.json(), BAD_TOKEN)
})
