import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { createFolder } from '../folder.js'
import { listeningUrl } from './listening-url.js'

const run = promisify(execFile)

t.test('a sixth contract is the folder and the line of docs/adding-a-contract.md', async t => {
  const checkout = await createFolder(t)
  for (const name of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'tsconfig.browser.json', 'vite.client.config.ts', 'vite.pages.config.ts', 'web', 'src', 'plugins', 'routes', 'db', 'drizzle']) await cp(name, join(checkout, name), { recursive: true })
  await symlink(resolve('node_modules'), join(checkout, 'node_modules'))

  const page = await readFile('docs/adding-a-contract.md', 'utf8')
  // A paragraph that begins with a path tells of the block after it.
  const files = [...page.matchAll(/^`(routes\/kiosk\/[\w-]+\.ts)`(?:.|\n)*?\n```ts\n((?:.|\n)*?)\n```/gm)]
  t.same(files.map(file => file[1]), ['index', 'schemas', 'render', 'sessions'].map(name => `routes/kiosk/${name}.ts`))
  for (const [, path = '', source = ''] of files) {
    await mkdir(join(checkout, dirname(path)), { recursive: true })
    await writeFile(join(checkout, path), `${source}\n`)
  }
  const [, line = ''] = /```ts\n( {2}import\(.*\),\n)```/.exec(page) ?? []
  t.equal(line, "  import('../routes/kiosk/index.js'),\n")
  const registry = join(checkout, 'src/contracts.ts')
  await writeFile(registry, (await readFile(registry, 'utf8')).replace("  import('../routes/console", `${line}  import('../routes/console`))
  await run('npm', ['run', 'build'], { cwd: checkout })

  const server = spawn(process.execPath, ['dist/src/server.js'], { cwd: checkout, env: { PATH: process.env['PATH'], PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await listeningUrl(server)
  t.teardown(async () => {
    server.kill('SIGTERM')
    await once(server, 'exit')
  })

  async function post (path: string, body: object, headers: Record<string, string> = {}): Promise<{ status: number, body: Record<string, string> }> {
    const response = await fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
    return { status: response.status, body: await response.json() as Record<string, string> }
  }

  const account = { email: 'till@example.com', password: 'SecurePassword123!' }
  t.equal((await post('/api/auth/register', { name: 'Till', ...account })).status, 201)
  const { body: tokens } = await post('/kiosk/login', account)
  t.same(tokens, { ok: true, access: tokens['access'], refresh: tokens['refresh'] })
  const refreshed = await post('/kiosk/refresh', { refresh: tokens['refresh'] })
  t.equal(refreshed.status, 200)
  t.same(await post('/api/auth/refresh', { refreshToken: refreshed.body['refresh'] }), { status: 401, body: { status: false, message: 'Invalid refresh token', code: 401 } })
  t.same(await post('/kiosk/login', { email: 5 }), { status: 400, body: { ok: false, reason: 'Validation failed', details: ['email must be a string', 'password is required'] } })
  t.same(await post('/kiosk/nowhere', {}), { status: 404, body: { ok: false, reason: 'Not found', details: [] } })
  const authorization = `Bearer ${refreshed.body['access']}`
  t.same(await post('/kiosk/logout', {}, { authorization }), { status: 200, body: { ok: true } })
  t.same(await post('/kiosk/logout', {}, { authorization }), { status: 401, body: { ok: false, reason: 'Invalid or expired token', details: [] } })

  const document = await (await fetch(`${url}/docs/kiosk/json`)).json() as { paths: object }
  t.same(Object.keys(document.paths), ['/kiosk/login', '/kiosk/refresh', '/kiosk/logout'])
})
