import t from 'tap'
import { contracts } from '../../src/contracts.js'
import { build } from '../helper.js'

t.test('the document lists every route with a schema for each status, examples and how to authenticate', async t => {
  const { app } = await build(t)
  const response = await app.inject('/docs/json')
  t.equal(response.statusCode, 200)
  const document = response.json()
  t.equal(document.openapi, '3.1.0')
  t.same(Object.keys(document.components.securitySchemes), ['accessToken', 'refreshCookie'])
  t.same(Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods as object).map(method => `${method} ${path}`)).sort(), [
    'delete /admin/invitations/{id}',
    'delete /admin/roles/{id}',
    'delete /admin/users/{id}',
    'delete /admin/users/{id}/sessions',
    'delete /admin/users/{id}/sessions/{sessionId}',
    'delete /auth/account',
    'delete /auth/sessions/{id}',
    'get /.well-known/jwks.json',
    'get /.well-known/openid-configuration',
    'get /admin/events',
    'get /admin/invitations',
    'get /admin/outlets',
    'get /admin/roles',
    'get /admin/sessions',
    'get /admin/users',
    'get /admin/users/{id}',
    'get /auth/account/export',
    'get /auth/history',
    'get /auth/outlets',
    'get /auth/profile',
    'get /auth/roles',
    'get /auth/sessions',
    'get /gateway/doctor',
    'get /gateway/verify',
    'get /health/live',
    'get /health/ready',
    'patch /admin/outlets/{id}',
    'patch /admin/roles/{id}',
    'patch /admin/users/{id}',
    'patch /auth/password',
    'patch /auth/profile',
    'post /admin/invitations',
    'post /admin/outlets',
    'post /admin/roles',
    'post /admin/users',
    'post /admin/users/{id}/disable',
    'post /admin/users/{id}/enable',
    'post /admin/users/{id}/reset',
    'post /admin/users/{id}/verification',
    'post /auth/login',
    'post /auth/logout',
    'post /auth/logout/all',
    'post /auth/password/forgot',
    'post /auth/password/reset',
    'post /auth/refresh',
    'post /auth/register',
    'post /auth/register/invitation',
    'post /auth/resend/verify',
    'post /auth/verify',
    'put /admin/users/{id}/roles'
  ])
  const login = document.paths['/auth/login'].post
  t.equal(login.operationId, 'outletPostLogin')
  t.equal(document.paths['/auth/sessions/{id}'].delete.operationId, 'outletDeleteSessionsId')
  t.equal(login.requestBody.required, true)
  t.equal(document.paths['/auth/resend/verify'].post.requestBody.required, false, 'its body may be left out')
  t.same(Object.keys(login.responses), ['200', '400', '401', '403', '413', '415', '429', '500', '503'])
  t.same(Object.keys(document.paths['/auth/profile'].get.responses), ['200', '401', '429', '500', '503'])
  t.notOk(document.paths['/auth/refresh'].post.requestBody, 'a body that may only be empty is none')
  t.same(login.requestBody.content['application/json'].schema.properties.email.examples, ['user@example.com'])
  t.same(document.paths['/auth/profile'].get.security, [{ accessToken: [] }])
  const change = document.paths['/admin/users/{id}/roles'].put
  t.equal(change.operationId, 'adminPutUsersIdRoles')
  t.same(change.security, [{ accessToken: [] }])
  t.same(Object.keys(change.responses), ['200', '400', '401', '403', '404', '409', '413', '415', '429', '500', '503'])
  t.same(document.paths['/auth/refresh'].post.security, [{ refreshCookie: [] }])
  for (const methods of Object.values<Record<string, { summary?: string, responses: Record<string, { content?: unknown }> }>>(document.paths)) {
    for (const { summary, responses } of Object.values(methods)) {
      t.type(summary, 'string')
      for (const { content } of Object.values(responses)) t.ok(content)
    }
  }
})

t.test('each contract that is served, and administration, has a document of its own beside the whole one', async t => {
  const { app } = await build(t, { CONTRACTS: '' })
  const whole = (await app.inject('/docs/json')).json()
  const prefixes = { ...Object.fromEntries(contracts.map(({ policy, defaultPrefix }) => [policy.name, defaultPrefix])), admin: '/admin' }
  const documents = []
  const names = new Set<string>()
  for (const [name, prefix] of Object.entries(prefixes)) {
    const response = await app.inject(`/docs/${name}/json`)
    t.equal(response.statusCode, 200)
    const { paths, info, components, ...rest } = response.json()
    t.same(info, { ...whole.info, title: `Kunci: ${name}` })
    t.same(Object.keys(paths), Object.keys(whole.paths).filter(path => path.startsWith(`${prefix}/`)))
    for (const [path, operations] of Object.entries(paths)) t.same(operations, whole.paths[path])
    t.same(Object.keys(components.securitySchemes), name === 'outlet' ? ['accessToken', 'refreshCookie'] : ['accessToken'])
    t.same(rest, { openapi: '3.1.0' })
    documents.push(...Object.keys(paths))
    for (const { operationId } of Object.values<Record<string, { operationId: string }>>(paths).flatMap(Object.values<{ operationId: string }>)) {
      t.notOk(names.has(operationId), operationId)
      names.add(operationId)
    }
  }
  t.same([...documents, '/.well-known/jwks.json', '/.well-known/openid-configuration', '/gateway/doctor', '/gateway/verify', '/health/live', '/health/ready'].sort(), Object.keys(whole.paths).sort())
})

t.test('a contract that is not served has no document', async t => {
  const { app } = await build(t, { CONTRACTS: 'signin' })
  t.equal((await app.inject('/docs/signin/json')).statusCode, 200)
  t.equal((await app.inject('/docs/outlet/json')).statusCode, 404)
})

t.test('its pages load under their own content security policy', async t => {
  const { app } = await build(t)
  const page = await app.inject('/docs')
  const html = page.statusCode === 302 ? await app.inject(String(page.headers.location)) : page
  t.equal(html.statusCode, 200)
  t.match(html.headers['content-type'], 'text/html')
  const policy = String(html.headers['content-security-policy'])
  t.match(policy, /script-src 'self';/)
  t.notMatch(policy, 'upgrade-insecure-requests')
  const [script] = /static\/swagger-ui-bundle\.js/.exec(html.body) ?? []
  t.equal((await app.inject(`/docs/${script ?? ''}`)).statusCode, 200)
})

t.test('answers of the API carry headers that let nothing run, frame, sniff or cache them', async t => {
  const { app } = await build(t)
  for (const url of ['/auth/outlets', '/auth/nowhere', '/nowhere']) {
    const { headers } = await app.inject(url)
    t.match(headers, {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=15552000'
    })
  }
})
