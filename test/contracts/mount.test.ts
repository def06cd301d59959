import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import t from 'tap'
import { build, type Kunci } from '../helper.js'
import { cookieOf, deviceOf, PASSWORD } from '../outlet/client.js'
import { me, type Name, names, person, signIn, wires } from './clients.js'
import { failed, failing, notFound, rootNotFound } from './failures.js'

const admin = person('admin')
const ADMIN = { ADMIN_EMAIL: admin.email, ADMIN_USERNAME: admin.username, ADMIN_PASSWORD: PASSWORD }
const MALFORMED = { status: 400, body: { status: 400, message: 'Malformed URL' } }

const documented: Record<Name, string> = { outlet: '/auth', console: '/api/auth', donation: '/auth', member: '/api/auth', signin: '/auth' }

async function signsIn (kunci: Kunci, name: Name, prefix: string): Promise<number> {
  const response = await signIn(kunci, name, admin, PASSWORD, prefix)
  return response.statusCode === 200 ? (await me(kunci, name, wires[name].tokens(response).access, prefix)).statusCode : response.statusCode
}

for (const name of names) {
  t.test(`${name} alone stands at the path of its document, and nothing of the others anywhere`, async t => {
    const kunci = await build(t, { CONTRACTS: name, ...ADMIN })
    const prefix = documented[name]
    t.equal(await signsIn(kunci, name, prefix), 200)
    for (const other of names.filter(other => other !== name)) {
      for (const path of [wires[other].signIn.path, wires[other].me]) {
        // What this one knows by the same path is its own.
        if (path === wires[name].signIn.path || path === wires[name].me) continue
        const isBeneath = documented[other] === prefix
        const url = `${documented[other]}${path}`
        t.strictSame(failed(await kunci.app.inject({ method: 'PUT', url })), isBeneath ? notFound(name, 'PUT', url) : rootNotFound, `${other} at ${url}`)
        t.strictSame(failed(await kunci.app.inject({ url })), isBeneath ? notFound(name, 'GET', url) : rootNotFound, `${other} at ${url}`)
      }
      const isOwn = wires[other].prefix === prefix
      t.strictSame(failed(await kunci.app.inject({ url: `${wires[other].prefix}/nowhere` })), isOwn ? notFound(name, 'GET', `${prefix}/nowhere`) : rootNotFound, other)
    }
    const { tags, paths } = (await kunci.app.inject('/docs/json')).json<{ tags?: unknown, paths: Record<string, object> }>()
    t.equal(tags, undefined)
    const beside = ['/health/', '/gateway/', '/.well-known/', ...name === 'outlet' ? ['/admin/'] : []]
    t.ok(Object.keys(paths).every(path => [`${prefix}/`, ...beside].some(start => path.startsWith(start))))
  })

  t.test(`${name} stands at a prefix of one's own`, async t => {
    const prefix = '/v2/Masuk_1~x.y'
    const kunci = await build(t, { CONTRACTS: ` ${name}=${prefix} `, ...ADMIN })
    t.equal(await signsIn(kunci, name, prefix), 200)
    t.strictSame(failed(await kunci.app.inject({ method: 'DELETE', url: `${prefix}/nowhere` })), notFound(name, 'DELETE', `${prefix}/nowhere`))
    t.strictSame(failed(await kunci.app.inject({ url: `${prefix}/%zz` })), failing(name, 'malformed_url'))
    for (const url of [documented[name], wires[name].prefix, '/v2', '/v2/masuk_1~x.y', `${prefix}z`].flatMap(path => [path, `${path}${wires[name].me}`])) {
      t.strictSame(failed(await kunci.app.inject({ url })), rootNotFound, url)
    }
  })
}

t.test('by default all stand beside each other, each at a path of its own', async t => {
  const kunci = await build(t, { CONTRACTS: '', ...ADMIN })
  for (const name of names) t.equal(await signsIn(kunci, name, wires[name].prefix), 200, name)
})

for (const contracts of ['outlet=/a,member=/a/b,signin=/a/b/c', 'signin=/a/b/c,member=/a/b,outlet=/a']) {
  t.test(`prefixes within each other (${contracts}) keep their own shapes`, async t => {
    const kunci = await build(t, { CONTRACTS: contracts, ...ADMIN })
    const prefixes = { outlet: '/a', member: '/a/b', signin: '/a/b/c' } as const
    for (const name of ['outlet', 'member', 'signin'] as const) {
      t.equal(await signsIn(kunci, name, prefixes[name]), 200, name)
      for (const path of ['', '/', '/nowhere', '/login/x']) {
        const url = `${prefixes[name]}${path}`
        t.strictSame(failed(await kunci.app.inject({ method: 'POST', url })), notFound(name, 'POST', url), url)
      }
      for (const path of ['/%zz', '/x/%', '/login/%ff']) t.strictSame(failed(await kunci.app.inject({ url: `${prefixes[name]}${path}` })), failing(name, 'malformed_url'), `${name} ${path}`)
    }
    t.strictSame(failed(await kunci.app.inject({ url: '/a/bb/nowhere' })), notFound('outlet', 'GET', '/a/bb/nowhere'))
    t.strictSame(failed(await kunci.app.inject({ url: '/a/bb/%zz' })), failing('outlet', 'malformed_url'))
    t.strictSame(failed(await kunci.app.inject({ url: '/a/b/cc/%zz' })), failing('member', 'malformed_url'))
    t.strictSame(failed(await kunci.app.inject({ url: '/aa/nowhere' })), rootNotFound)
    t.strictSame(failed(await kunci.app.inject({ url: '/aa/%zz' })), MALFORMED)
  })
}

t.test('a URL that cannot be parsed is answered over the wire too, in the shape of the prefix that it starts with', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  await kunci.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = kunci.app.server.address() as AddressInfo
  const ask = async (path: string): Promise<{ status: number, body: object }> => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: auth.test\r\nConnection: close\r\n\r\n`)
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n')
    t.match(head, /\r\ncache-control: no-store\r\n/i)
    t.match(head, /\r\ncontent-type: application\/json; charset=utf-8(?:\r\n|$)/i)
    return { status: Number(head.slice(9, 12)), body: JSON.parse(body) }
  }
  for (const name of names) {
    for (const path of ['/%zz', '/%', '/%c3%28?x=1', '//%zz']) t.strictSame(await ask(`${wires[name].prefix}${path}`), failing(name, 'malformed_url'), `${name} ${path}`)
    t.strictSame(await ask(`${wires[name].prefix}/nowhere?x=%zz`), notFound(name, 'GET', `${wires[name].prefix}/nowhere`), name)
  }
  t.strictSame(await ask('/%zz'), MALFORMED)
})

t.test('the cookies of outlet are sent back where it stands, and COOKIE_PATH overrides that', async t => {
  const cases = [
    [{ CONTRACTS: 'outlet' }, '/auth', '/auth'],
    [{ CONTRACTS: '' }, '/auth', '/auth'],
    [{ CONTRACTS: 'donation,outlet=/toko/masuk' }, '/toko/masuk', '/toko/masuk'],
    [{ CONTRACTS: 'outlet=/toko', COOKIE_PATH: '/gerbang' }, '/toko', '/gerbang']
  ] as const
  for (const [env, prefix, path] of cases) {
    const kunci = await build(t, { ...env, ...ADMIN })
    const loggedIn = await signIn(kunci, 'outlet', admin, PASSWORD, prefix)
    const attributes = { path, httpOnly: true, secure: true, sameSite: 'Strict' }
    t.same(loggedIn.cookies, [
      { name: 'refresh_token', value: cookieOf(loggedIn), maxAge: 259_200, ...attributes },
      { name: 'refresh_token_device', value: deviceOf(loggedIn), maxAge: 15_552_000, ...attributes }
    ], path)
    const headers = { cookie: `refresh_token=${cookieOf(loggedIn)}` }
    const refreshed = await kunci.app.inject({ method: 'POST', url: `${prefix}/refresh`, headers })
    t.same(refreshed.cookies, [{ name: 'refresh_token', value: cookieOf(refreshed), maxAge: 259_200, ...attributes }], path)
    const loggedOut = await kunci.app.inject({ method: 'POST', url: `${prefix}/logout`, headers: { cookie: `refresh_token=${cookieOf(refreshed)}` } })
    t.same(loggedOut.cookies, [{ name: 'refresh_token', value: '', maxAge: 0, expires: new Date(0), ...attributes }], path)
  }
})
