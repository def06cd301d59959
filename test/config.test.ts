import { resolve } from 'node:path'
import t from 'tap'
import { readConfig } from '../src/config.js'
import { contracts } from '../src/contracts.js'

const read = (env: Record<string, string>) => readConfig(env, contracts)

const names = contracts.map(({ policy }) => policy.name).join(', ')
const lifetimes = `contract=access/refresh in seconds, separated by commas, each of ${names} once, access not longer than refresh, without /refresh for donation`
const pages = `an http:// or https:// URL without a query or fragment, or contract=url pairs separated by commas, each of ${names} once`

t.test('without any variable everything has its default', async t => {
  t.same(read({}), {
    production: false,
    startedByNpm: false,
    host: '127.0.0.1',
    port: 3000,
    databaseUrl: undefined,
    databaseDirectUrl: undefined,
    dataDir: resolve('.data'),
    secrets: undefined,
    contracts: contracts.map(({ policy, defaultPrefix }) => ({ name: policy.name, prefix: defaultPrefix })),
    publicUrl: undefined,
    appUrls: new Map(),
    lifetimes: new Map(),
    passwordLists: new Set(),
    pages: true,
    phoneRegion: 'ID',
    corsOrigins: [],
    cookie: { name: 'refresh_token', path: undefined, sameSite: 'Strict', domain: undefined },
    smtpUrl: undefined,
    mailFrom: { name: 'Kunci', address: 'no-reply@localhost' },
    redisUrl: undefined,
    trustProxy: [],
    rateLimit: true,
    accountLimit: 10,
    administrator: undefined,
    refreshGrace: 30,
    revocationStaleness: 10,
    jwtAlgorithm: 'ES256',
    keyMaxAge: 7_776_000,
    workers: 1,
    logLevel: 'info'
  })
})

t.test('every variable is read', async t => {
  const secret = 'x'.repeat(32)
  t.same(read({
    NODE_ENV: 'production',
    HOST: '::',
    PORT: '0',
    DATABASE_URL: 'postgres://kunci:secret@db.example/kunci?sslmode=require',
    DATABASE_DIRECT_URL: 'postgresql://kunci:secret@db.example:5433/kunci',
    DATA_DIR: 'data',
    AUTH_SECRET: `${secret} , ${secret}y`,
    CONTRACTS: 'outlet=/v1/auth',
    PUBLIC_URL: 'https://auth.example/',
    APP_URL: 'outlet=https://toko.example/akun/',
    LIFETIMES: 'outlet=60/3600, donation=86400',
    SIGNIN_PASSWORD_LIST: 'on',
    PAGES: 'off',
    PHONE_REGION: 'my',
    CORS_ORIGINS: 'https://toko.example, http://localhost:5173',
    COOKIE_NAME: '__Host-session',
    COOKIE_PATH: '/',
    COOKIE_SAMESITE: 'None',
    SMTP_URL: 'smtps://user:pass@mail.example:465',
    MAIL_FROM: 'Toko Kita <halo@toko.example>',
    REDIS_URL: 'rediss://kunci:secret@redis.example:6380/3',
    TRUST_PROXY: '10.0.0.0/8,::1',
    RATE_LIMIT: 'off',
    ACCOUNT_LIMIT: '5',
    ADMIN_EMAIL: 'Admin@Example.com',
    ADMIN_USERNAME: 'admin',
    ADMIN_PASSWORD: 'rahasia besar sekali',
    REFRESH_GRACE: '10',
    REVOCATION_STALENESS: '5',
    JWT_ALGORITHM: 'EdDSA',
    KEY_MAX_AGE: '86400',
    WORKERS: '4',
    LOG_LEVEL: 'warn'
  }), {
    production: true,
    startedByNpm: false,
    host: '::',
    port: 0,
    databaseUrl: 'postgres://kunci:secret@db.example/kunci?sslmode=require',
    databaseDirectUrl: 'postgresql://kunci:secret@db.example:5433/kunci',
    dataDir: resolve('data'),
    secrets: [secret, `${secret}y`],
    contracts: [{ name: 'outlet', prefix: '/v1/auth' }],
    publicUrl: 'https://auth.example',
    appUrls: new Map([['outlet', 'https://toko.example/akun']]),
    lifetimes: new Map([['outlet', { access: 60, refresh: 3600 }], ['donation', { access: 86_400, refresh: 86_400 }]]),
    passwordLists: new Set(['signin']),
    pages: false,
    phoneRegion: 'MY',
    corsOrigins: ['https://toko.example', 'http://localhost:5173'],
    cookie: { name: '__Host-session', path: '/', sameSite: 'None', domain: undefined },
    smtpUrl: 'smtps://user:pass@mail.example:465',
    mailFrom: { name: 'Toko Kita', address: 'halo@toko.example' },
    redisUrl: 'rediss://kunci:secret@redis.example:6380/3',
    trustProxy: ['10.0.0.0/8', '::1'],
    rateLimit: false,
    accountLimit: 5,
    administrator: { email: 'admin@example.com', username: 'admin', password: 'rahasia besar sekali' },
    refreshGrace: 10,
    revocationStaleness: 5,
    jwtAlgorithm: 'EdDSA',
    keyMaxAge: 86_400,
    workers: 4,
    logLevel: 'warn'
  })
})

t.test('an empty variable counts as unset', async t => {
  t.same(read({ PORT: '', AUTH_SECRET: '  ', APP_URL: '', REDIS_URL: ' ' }), read({}))
})

t.test('all five contracts are mounted by default, each at a path of its own', async t => {
  const mounted = read({}).contracts.map(({ name, prefix }) => `${name}=${prefix}`)
  t.equal(mounted.length, contracts.length)
  for (const mount of ['outlet=/auth', 'console=/api/auth', 'donation=/donation/auth', 'member=/member/api/auth', 'signin=/signin/auth']) t.ok(mounted.includes(mount), mount)
})

t.test('two contracts of one default path are a mistake that shows at once', async t => {
  const [first] = contracts
  if (first === undefined) throw new Error('there are no contracts')
  const twin = { ...first, policy: { ...first.policy, name: 'twin' } }
  t.throws(() => readConfig({}, [first, twin]), { message: 'the contracts outlet and twin have the same default prefix, /auth' })
})

t.test('a contract mounted by its bare name stands where its document puts it', async t => {
  const paths = { outlet: '/auth', console: '/api/auth', donation: '/auth', member: '/api/auth', signin: '/auth' }
  for (const [name, prefix] of Object.entries(paths)) t.same(read({ CONTRACTS: name }).contracts, [{ name, prefix }])
})

t.test('the public URL is the origin of APP_URL where only that is set', async t => {
  t.equal(read({ APP_URL: 'https://toko.example/akun' }).publicUrl, 'https://toko.example')
  t.equal(read({ APP_URL: 'outlet=https://toko.example' }).publicUrl, undefined)
})

t.test('a value that cannot be taken is refused in one line that names the variable, what it was and what it takes', async t => {
  const cases: Array<[Record<string, string>, string]> = [
    [{ PORT: '80a' }, 'PORT was "80a", but takes a whole number from 0 to 65535'],
    [{ PORT: '65536' }, 'PORT was "65536", but takes a whole number from 0 to 65535'],
    [{ PORT: '-1' }, 'PORT was "-1", but takes a whole number from 0 to 65535'],
    [{ HOST: 'a b' }, 'HOST was "a b", but takes a host name or address'],
    [{ DATABASE_URL: 'mysql://kunci:geheim@db/kunci' }, 'DATABASE_URL was "mysql://…@db/kunci", but takes a postgres:// URL with a host, special characters in its credentials percent-encoded'],
    [{ DATABASE_URL: 'db.example' }, 'DATABASE_URL was "db.example", but takes a postgres:// URL with a host, special characters in its credentials percent-encoded'],
    [{ DATABASE_URL: 'postgres://' }, 'DATABASE_URL was "postgres://", but takes a postgres:// URL with a host, special characters in its credentials percent-encoded'],
    [{ DATABASE_URL: 'postgres://kunci:se%cret@db/kunci' }, 'DATABASE_URL was "postgres://…@db/kunci", but takes a postgres:// URL with a host, special characters in its credentials percent-encoded'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV was "prod", but takes one of production, development, test'],
    [{ AUTH_SECRET: 'short' }, 'AUTH_SECRET was 5 bytes long, but takes one secret of 32 bytes or more, or several separated by commas'],
    [{ AUTH_SECRET: `${'x'.repeat(32)},` }, 'AUTH_SECRET was 32 and 0 bytes long, but takes one secret of 32 bytes or more, or several separated by commas'],
    [{ NODE_ENV: 'production' }, 'AUTH_SECRET was not set, but production takes one secret of 32 bytes or more'],
    [{ CONTRACTS: 'shop' }, `CONTRACTS was "shop", but no contract is named "shop": there are ${names}`],
    [{ CONTRACTS: 'outlet,' }, `CONTRACTS was "outlet,", but no contract is named "": there are ${names}`],
    [{ CONTRACTS: 'outlet=auth' }, 'CONTRACTS was "outlet=auth", but "auth" is no path such as /auth, without a slash at its end'],
    [{ CONTRACTS: 'outlet=/auth/' }, 'CONTRACTS was "outlet=/auth/", but "/auth/" is no path such as /auth, without a slash at its end'],
    [{ CONTRACTS: 'outlet=/docs' }, 'CONTRACTS was "outlet=/docs", but /docs is kept for the server itself'],
    [{ CONTRACTS: 'outlet=/admin/auth' }, 'CONTRACTS was "outlet=/admin/auth", but /admin is kept for the server itself'],
    [{ CONTRACTS: 'outlet,donation' }, 'CONTRACTS was "outlet,donation", but outlet and donation would both stand at /auth: name a prefix, such as donation=/donation/auth'],
    [{ CONTRACTS: 'outlet=/a,console=/api/auth,member' }, 'CONTRACTS was "outlet=/a,console=/api/auth,member", but console and member would both stand at /api/auth: name a prefix, such as member=/member/api/auth'],
    [{ CONTRACTS: 'outlet,outlet=/b' }, 'CONTRACTS was "outlet,outlet=/b", but outlet stands in it twice'],
    [{ LIFETIMES: 'donation=60/3600' }, `LIFETIMES was "donation=60/3600", but takes ${lifetimes}`],
    [{ LIFETIMES: 'outlet=60/90,outlet=60/90' }, `LIFETIMES was "outlet=60/90,outlet=60/90", but takes ${lifetimes}`],
    [{ SIGNIN_PASSWORD_LIST: 'yes' }, 'SIGNIN_PASSWORD_LIST was "yes", but takes one of on, off'],
    [{ PHONE_REGION: 'Indonesia' }, 'PHONE_REGION was "Indonesia", but takes a country as ISO 3166-1 writes it in two letters, such as ID'],
    [{ APP_URL: 'outlet=https://a.example,outlet=https://b.example' }, `APP_URL was "outlet=https://a.example,outlet=https://b.example", but takes ${pages}`],
    [{ PUBLIC_URL: 'auth.example' }, 'PUBLIC_URL was "auth.example", but takes an http:// or https:// URL without a query or fragment'],
    [{ PUBLIC_URL: 'https://auth.example/?a=b' }, 'PUBLIC_URL was "https://auth.example/?a=b", but takes an http:// or https:// URL without a query or fragment'],
    [{ APP_URL: 'shop=https://a.example' }, `APP_URL was "shop=https://a.example", but takes ${pages}`],
    [{ APP_URL: 'javascript:alert(1)' }, `APP_URL was "javascript:alert(1)", but takes ${pages}`],
    [{ LIFETIMES: 'outlet=900' }, `LIFETIMES was "outlet=900", but takes ${lifetimes}`],
    [{ LIFETIMES: 'outlet=900/60' }, `LIFETIMES was "outlet=900/60", but takes ${lifetimes}`],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS was "*", but takes exact origins such as https://app.example, separated by commas'],
    [{ CORS_ORIGINS: 'https://app.example/path' }, 'CORS_ORIGINS was "https://app.example/path", but takes exact origins such as https://app.example, separated by commas'],
    [{ COOKIE_NAME: 'a b' }, 'COOKIE_NAME was "a b", but takes a cookie name'],
    [{ COOKIE_NAME: '__Host-session' }, 'COOKIE_NAME was "__Host-session", but takes the prefix __Host- only with COOKIE_PATH=/ and without COOKIE_DOMAIN'],
    [{ COOKIE_PATH: 'auth' }, 'COOKIE_PATH was "auth", but takes a path that begins with /'],
    [{ COOKIE_SAMESITE: 'strict' }, 'COOKIE_SAMESITE was "strict", but takes one of Strict, Lax, None'],
    [{ COOKIE_DOMAIN: 'a;b' }, 'COOKIE_DOMAIN was "a;b", but takes a domain name'],
    [{ SMTP_URL: 'http://mail.example' }, 'SMTP_URL was "http://mail.example", but takes an smtp:// or smtps:// URL'],
    [{ MAIL_FROM: 'a@b.example, c@d.example' }, 'MAIL_FROM was "a@b.example, c@d.example", but takes an address, or a name and an address such as Kunci <no-reply@example.com>'],
    [{ MAIL_FROM: 'Toko\r\nBcc: <a@b.example>' }, 'MAIL_FROM was "Toko\\r\\nBcc: <a@b.example>", but takes an address, or a name and an address such as Kunci <no-reply@example.com>'],
    [{ TRUST_PROXY: 'yes' }, 'TRUST_PROXY was "yes", but takes addresses or CIDR ranges separated by commas'],
    [{ TRUST_PROXY: '10.0.0.0/33' }, 'TRUST_PROXY was "10.0.0.0/33", but takes addresses or CIDR ranges separated by commas'],
    [{ RATE_LIMIT: 'no' }, 'RATE_LIMIT was "no", but takes one of on, off'],
    [{ ADMIN_EMAIL: 'admin' }, 'ADMIN_EMAIL was "admin", but takes an email address'],
    [{ ADMIN_EMAIL: 'a@b.example' }, 'ADMIN_PASSWORD was not set, but ADMIN_EMAIL takes it along'],
    [{ ADMIN_PASSWORD: 'rahasia besar' }, 'ADMIN_EMAIL was not set, but ADMIN_USERNAME and ADMIN_PASSWORD take it along'],
    [{ ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'password' }, 'ADMIN_PASSWORD was not acceptable (it is not shown), but takes 8 to 128 characters that are none of the commonest passwords'],
    [{ ADMIN_USERNAME: 'a' }, 'ADMIN_USERNAME was "a", but takes 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces'],
    [{ REFRESH_GRACE: '1e1' }, 'REFRESH_GRACE was "1e1", but takes a whole number from 0 to 3600'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL was "loud", but takes one of fatal, error, warn, info, debug, trace, silent']
  ]
  for (const [env, message] of cases) {
    t.throws(() => read(env), { name: 'ConfigError', message }, message)
  }
})

t.test('pages are served beside the outlet contract alone, and no contract stands where one does', async t => {
  t.equal(read({ CONTRACTS: 'outlet' }).pages, true)
  t.equal(read({ CONTRACTS: 'donation' }).pages, false)
  t.equal(read({ CONTRACTS: 'outlet', PAGES: 'off' }).pages, false)
  t.throws(() => read({ CONTRACTS: 'outlet=/account' }), { message: 'CONTRACTS puts outlet at /account, but /account is kept for the pages: name another prefix, or set PAGES=off' })
  t.throws(() => read({ CONTRACTS: 'outlet,donation=/assets/auth' }), { message: 'CONTRACTS puts donation at /assets/auth, but /assets is kept for the pages: name another prefix, or set PAGES=off' })
  t.throws(() => read({ PAGES: 'yes' }), { message: 'PAGES was "yes", but takes one of on, off' })
  t.same(read({ CONTRACTS: 'outlet=/accounts,donation=/sign-in-here' }).pages, true)
  t.same(read({ CONTRACTS: 'outlet=/account', PAGES: 'off' }).contracts, [{ name: 'outlet', prefix: '/account' }])
  t.same(read({ CONTRACTS: 'donation=/register' }).contracts, [{ name: 'donation', prefix: '/register' }])
})
