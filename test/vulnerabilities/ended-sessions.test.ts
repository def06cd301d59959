import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { bearer, build, type Kunci } from '../helper.js'
import { login, PASSWORD, profile, refresh, registerVerified } from '../outlet/client.js'

/** Sends a request's head, ends the session, and then sends the body. */
async function bodyAfter (t: Test, kunci: Kunci, request: { method: string, path: string, accessToken: string, body: object }, between: () => Promise<unknown>): Promise<number> {
  const { port } = kunci.app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => { socket.destroy() })
  await once(socket, 'connect')
  const body = JSON.stringify(request.body)
  const arrived = once(kunci.app.server, 'request')
  socket.write(`${request.method} ${request.path} HTTP/1.1\r\nHost: auth.test\r\nAuthorization: Bearer ${request.accessToken}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`)
  await arrived
  // The look at the token has begun; another query on the same pool comes back after it.
  t.equal((await profile(kunci, request.accessToken)).statusCode, 200)
  await between()
  socket.write(body)
  const [answer] = await once(socket, 'data') as [Buffer]
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString())?.[1])
}

t.test('a session that ends while the body is on its way changes nothing any more', async t => {
  const kunci = await build(t)
  await kunci.app.listen({ port: 0, host: '127.0.0.1' })
  await registerVerified(kunci)
  const requests = [
    { method: 'PATCH', path: '/auth/profile', body: { username: 'stolen' } },
    { method: 'PATCH', path: '/auth/password', body: { oldPassword: PASSWORD, newPassword: 'Kata-sandi-baru-2' } },
    { method: 'POST', path: '/auth/logout/all', body: {} }
  ]
  for (const request of requests) {
    const { accessToken } = await login(kunci)
    const other = await login(kunci)
    const status = await bodyAfter(t, kunci, { ...request, accessToken }, async () => {
      await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
    })
    t.equal(status, 401, request.path)
    t.equal((await refresh(kunci, other.cookie)).statusCode, 200, request.path)
  }
  t.same(await kunci.sql`select username from users`, [{ username: 'siti' }])
  t.type((await login(kunci)).accessToken, 'string')
})

t.test('of many logouts at once one succeeds, and the cookie\'s session never outlives them', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  for (let round = 0; round < 10; round++) {
    const one = await login(kunci)
    const other = await login(kunci)
    const answers = await Promise.all([
      kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: { ...bearer(one.accessToken), cookie: `refresh_token=${other.cookie}` } }),
      kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(one.accessToken) })
    ])
    t.ok(answers.every(answer => [200, 401].includes(answer.statusCode)))
    const [both] = answers
    t.equal(both.statusCode, 200)
    t.equal((await refresh(kunci, other.cookie)).statusCode, 401)
    t.equal((await refresh(kunci, one.cookie)).statusCode, 401)
  }
})
