import type { Test } from 'tap'
import { ask, authHeadersAt, bodyOf, CLIENT_ADDRESS } from './browser.js'
import type { Echo } from './echoing-upstream.js'
import { type SignedIn, signInAdministrator } from './sign-in.js'

const UUID = /^[\da-f-]{36}$/

const FORGED = {
  'x-auth-subject': 'forged',
  'X-Auth-Session': 'forged',
  'x-auth-contract': 'console',
  'x-auth-roles': ['admin', 'owner'],
  'X-AUTH-PERMISSIONS': 'users.delete',
  'x-auth-outlet': 'forged',
  // An application that reads headers as CGI does can't tell these from the ones above.
  X_Auth_Subject: 'forged',
  X_Auth_Roles: 'admin'
}

/** Shows what a gateway lets through to an application, and what it says there of the one who asks. */
export async function showProtection (t: Test, gateway: string, { accessToken, authHeaders }: SignedIn): Promise<void> {
  const authorization = `Bearer ${accessToken}`
  for (const headers of [{}, { authorization: 'Bearer forged' }, { authorization: `${authorization}x` }, { ...FORGED }]) {
    const refused = await ask(gateway, 'GET', '/orders', headers)
    t.equal(refused.status, 401)
    t.equal(refused.headers['www-authenticate'], 'Bearer error="invalid_token"')
  }

  const passed = await ask(gateway, 'GET', '/orders?page=2', { authorization, 'x-forwarded-for': '203.0.113.9' })
  t.equal(passed.status, 200)
  t.match(bodyOf<Echo>(passed), { method: 'GET', url: '/orders?page=2' })
  t.same(authHeadersAt(passed), authHeaders)
  t.same(bodyOf<Echo>(passed).headers.filter(([name]) => name === 'x-forwarded-for'), [['x-forwarded-for', CLIENT_ADDRESS]])

  const forged = await ask(gateway, 'POST', '/orders', { ...FORGED, authorization }, { coffee: 2 })
  t.equal(forged.status, 200)
  t.match(bodyOf<Echo>(forged), { method: 'POST', url: '/orders', body: '{"coffee":2}' })
  t.same(authHeadersAt(forged), authHeaders, 'what a client says of itself does not arrive')

  const dropping = await ask(gateway, 'GET', '/orders', { authorization, connection: 'close, X-Auth-Subject, X-Auth-Roles, X-Auth-Outlet, X-Forwarded-For' })
  t.equal(dropping.status, 200)
  t.same(authHeadersAt(dropping), authHeaders, 'what a client has for the connection alone does not get lost')
  t.match(bodyOf<Echo>(dropping).headers.filter(([name]) => name === 'x-forwarded-for'), [['x-forwarded-for', CLIENT_ADDRESS]])

  const administrator = await ask(gateway, 'DELETE', '/orders/1', { ...FORGED, authorization: `Bearer ${await signInAdministrator(gateway)}` })
  t.equal(administrator.status, 200)
  const { 'x-auth-subject': subject, 'x-auth-session': session, ...rest } = authHeadersAt(administrator)
  t.match([subject, session], [UUID, UUID])
  t.same(rest, {
    'x-auth-contract': 'outlet',
    'x-auth-roles': 'admin',
    'x-auth-permissions': 'users.create,users.read,users.update,users.delete,roles.manage,outlets.manage,sessions.manage,audit.read',
    'x-auth-outlet': authHeaders['x-auth-outlet']
  }, 'lists arrive separated by commas')

  const preflight = await ask(gateway, 'OPTIONS', '/orders', { ...FORGED, origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' })
  t.equal(preflight.status, 200, 'the application answers a preflight')
  t.match(bodyOf<Echo>(preflight), { method: 'OPTIONS', url: '/orders' })
  t.same(authHeadersAt(preflight), {}, 'and is told of nobody')
}
