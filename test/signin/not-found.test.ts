import t from 'tap'
import { build } from '../helper.js'
import { refusal } from './client.js'

const kunci = await build(t, { CONTRACTS: '' })
const { app } = kunci

t.test('an unknown path is named with its method and without its query', async t => {
  const requests = [
    { method: 'GET', url: '/signin/auth/nothing', path: '/signin/auth/nothing' },
    { method: 'POST', url: '/signin/auth/nothing?token=secret&page=1', path: '/signin/auth/nothing' },
    { method: 'PATCH', url: '/signin/auth/users/1?', path: '/signin/auth/users/1' },
    { method: 'GET', url: '/signin/auth/nothing?next=/a?b', path: '/signin/auth/nothing' },
    { method: 'GET', url: '/signin/auth/%3Cb%3E', path: '/signin/auth/%3Cb%3E' },
    { method: 'GET', url: '/signin/auth', path: '/signin/auth' }
  ] as const
  for (const { method, url, path } of requests) {
    const response = await app.inject({ method, url })
    t.equal(response.statusCode, 404, url)
    t.strictSame(response.json(), refusal(404, `Cannot ${method} ${path}`), url)
    t.match(response.headers['content-type'], /^application\/json/)
  }
})

t.test('so is a known path with another method', async t => {
  for (const [method, path] of [['GET', 'signin'], ['GET', 'signup'], ['DELETE', 'profile'], ['PUT', 'profile'], ['GET', 'refresh'], ['GET', 'logout']] as const) {
    const response = await app.inject({ method, url: `/signin/auth/${path}?token=secret` })
    t.equal(response.statusCode, 404, path)
    t.strictSame(response.json(), refusal(404, `Cannot ${method} /signin/auth/${path}`), path)
  }
})

t.test('a path that cannot be read is refused in the same shape', async t => {
  const response = await app.inject('/signin/auth/%zz')
  t.equal(response.statusCode, 400)
  t.strictSame(response.json(), refusal(400, 'Malformed URL'))
})

t.test('the path is the one that was asked for, wherever the contract stands', async t => {
  const alone = await build(t, { CONTRACTS: 'signin' })
  const response = await alone.app.inject({ method: 'POST', url: '/auth/register?email=user@example.com', payload: { email: 'user@example.com' } })
  t.equal(response.statusCode, 404)
  t.strictSame(response.json(), refusal(404, 'Cannot POST /auth/register'))
})
