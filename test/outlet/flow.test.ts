import t from 'tap'
import { bearer, build, mailedToken, readMails } from '../helper.js'
import { choices, cookieOf, deviceOf, PASSWORD } from './client.js'

t.test('a browser application registers, verifies, signs in, refreshes, reads its profile and signs out', async t => {
  const kunci = await build(t)
  const { app, clock } = kunci
  const { outlet, user } = await choices(kunci)

  const registered = await app.inject({
    method: 'POST',
    url: '/auth/register',
    payload: { email: ' User@Example.com ', username: 'username123', password: PASSWORD, confirmPassword: PASSWORD, outlet_id: outlet, role_id: user }
  })
  t.equal(registered.statusCode, 200)
  t.same(registered.json(), { status: 200, message: 'register user succes' })

  const credentials = { email: 'user@example.com', password: PASSWORD }
  const unverified = await app.inject({ method: 'POST', url: '/auth/login', payload: credentials })
  t.equal(unverified.statusCode, 403)
  t.same(unverified.json(), { status: 403, message: 'Email not verified' })
  t.same(unverified.cookies, [])

  const [mail] = await readMails(kunci)
  t.match(mail, { to: 'user@example.com', from: 'no-reply@localhost', subject: 'Verify your email address' })
  t.match(mail?.text, `http://auth.test/verify-email?token=${mail?.token}\n`)
  const verified = await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, 'user@example.com') } })
  t.equal(verified.statusCode, 200)
  t.same(verified.json(), { status: 200, message: 'succes verified email' })

  const loggedIn = await app.inject({ method: 'POST', url: '/auth/login', payload: credentials })
  t.equal(loggedIn.statusCode, 200)
  const { data } = loggedIn.json()
  t.same(loggedIn.json(), { status: 200, message: 'Login Success', data: { access_token: data.access_token } })
  t.same(loggedIn.cookies, [{
    name: 'refresh_token', value: cookieOf(loggedIn), maxAge: 259_200, path: '/auth', httpOnly: true, secure: true, sameSite: 'Strict'
  }, {
    name: 'refresh_token_device', value: deviceOf(loggedIn), maxAge: 15_552_000, path: '/auth', httpOnly: true, secure: true, sameSite: 'Strict'
  }])
  t.equal(loggedIn.headers['cache-control'], 'no-store')

  clock.advance(600)
  const refreshed = await app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie: `refresh_token=${cookieOf(loggedIn)}` } })
  t.equal(refreshed.statusCode, 200)
  const accessToken = refreshed.json().access_token
  t.same(refreshed.json(), { access_token: accessToken })
  t.same(refreshed.cookies, [{
    name: 'refresh_token', value: cookieOf(refreshed), maxAge: 258_600, path: '/auth', httpOnly: true, secure: true, sameSite: 'Strict'
  }])
  t.not(cookieOf(refreshed), cookieOf(loggedIn))

  const profile = await app.inject({ method: 'GET', url: '/auth/profile', headers: bearer(accessToken) })
  t.equal(profile.statusCode, 200)
  t.same(profile.json(), {
    status: 200,
    message: 'Get profile success',
    data: {
      id: profile.json().data.id,
      email: 'user@example.com',
      username: 'username123',
      isConfirmed: true,
      outlet: { id: outlet, name: 'Main Outlet' },
      role: { id: user, name: 'user', isAdmin: false },
      createdAt: '2026-01-05T08:00:00.000Z',
      updatedAt: '2026-01-05T08:00:00.000Z'
    }
  })

  const loggedOut = await app.inject({ method: 'POST', url: '/auth/logout', headers: { ...bearer(accessToken), cookie: `refresh_token=${cookieOf(refreshed)}` } })
  t.equal(loggedOut.statusCode, 200)
  t.same(loggedOut.json(), { status: 200, message: 'Logged out successfully' })
  t.same(loggedOut.cookies, [{
    name: 'refresh_token', value: '', expires: new Date(0), path: '/auth', httpOnly: true, secure: true, sameSite: 'Strict', maxAge: 0
  }])

  const repeated = await app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
  t.equal(repeated.statusCode, 401)
  t.same(repeated.json(), { status: 401, message: 'Invalid or expired token' })
  const revived = await app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie: `refresh_token=${cookieOf(refreshed)}` } })
  t.equal(revived.statusCode, 401)
  t.same(revived.json(), { status: 401, message: 'Invalid refresh token' })
  t.same(revived.cookies, [])
})
