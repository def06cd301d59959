import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { verify } from '@node-rs/argon2'
import { createSigner, createVerifier } from 'fast-jwt'
import Fastify, { type FastifyReply } from 'fastify'
import postgres from 'postgres'

/**
 * The server that Kunci is measured against: what a good hand writes for one machine, and nothing else. A bare Fastify, one UPDATE and
 * one signature a refresh, tokens verified from a cache. It writes no events and no log, knows no roles, no grace, no replay and no
 * revocation, and answers every failure with 401.
 */

const sql = postgres(String(process.env['DATABASE_URL']), { max: 10, onnotice: () => {} })
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
const sign: (claims: { sub: string, sid: string }) => string = createSigner({ key: privateKey, algorithm: 'ES256', expiresIn: 900_000 })
const verifyToken: (token: string) => { sub: string } = createVerifier({ key: publicKey, algorithms: ['ES256'], cache: 10_000 })

const text = { type: 'string' }
const object = (properties: object) => ({ response: { 200: { type: 'object', properties } } })
const app = Fastify({ logger: false })

const accountOf = (authorization = '') => verifyToken(authorization.slice('Bearer '.length)).sub
const digest = (secret: string) => createHash('sha256').update(secret).digest()
const newSecret = () => randomBytes(32).toString('base64url')

function setCookie (reply: FastifyReply, session: string, secret: string): void {
  void reply.header('set-cookie', `reference=${session}.${secret}; Path=/; HttpOnly; Secure; SameSite=Strict`)
}

app.setErrorHandler((_error, _request, reply) => { void reply.code(401).send({ message: 'Unauthorized' }) })

app.get('/ready', async () => {
  await sql`select 1`
  return {}
})

app.post<{ Body: { email: string, password: string } }>('/login', { schema: object({ access_token: text }) }, async (request, reply) => {
  const { email, password } = request.body
  const [account] = await sql<Array<{ id: string, password_hash: string }>>`select id, password_hash from reference.users where email = ${email}`
  if (account === undefined || !await verify(account.password_hash, password)) throw new Error('credentials')
  const id = randomUUID()
  const secret = newSecret()
  await sql`insert into reference.sessions values (${id}, ${account.id}, ${digest(secret)}, now(), now() + interval '3 days')`
  setCookie(reply, id, secret)
  return { access_token: sign({ sub: account.id, sid: id }) }
})

app.post('/refresh', { schema: object({ access_token: text }) }, async (request, reply) => {
  const [, id = '', secret = ''] = /reference=([\w-]+)\.([\w-]+)/.exec(request.headers.cookie ?? '') ?? []
  const next = newSecret()
  const [session] = await sql<Array<{ user_id: string }>>`
    update reference.sessions set secret_hash = ${digest(next)}, rotated_at = now()
    where id = ${id} and secret_hash = ${digest(secret)} and expires_at > now() returning user_id`
  if (session === undefined) throw new Error('session')
  setCookie(reply, id, next)
  return { access_token: sign({ sub: session.user_id, sid: id }) }
})

app.get('/profile', { schema: object({ id: text, email: text, name: text, created_at: text }) }, async request => {
  const [account] = await sql`select id, email, name, created_at from reference.users where id = ${accountOf(request.headers.authorization)}`
  if (account === undefined) throw new Error('account')
  return account
})

app.get('/verify', { schema: object({ sub: text }) }, async request => ({ sub: accountOf(request.headers.authorization) }))

await app.listen({ host: String(process.env['HOST']), port: Number(process.env['PORT']) })

process.once('SIGTERM', () => {
  void app.close().then(async () => { await sql.end() }).then(() => { process.exit() })
})
