import { execFile } from 'node:child_process'
import { stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scheduler } from 'node:timers/promises'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { createFolder } from '../../folder.js'
import { ask, bodyOf } from './browser.js'
import { showChecking } from './checking.js'
import { showClientAddress } from './client-address.js'
import { documentedConfiguration } from '../../docs/gateways/page.js'
import { startUpstream } from './echoing-upstream.js'
import { freePort } from './free-port.js'
import { showProtection } from './protection.js'
import { signOut } from './refusals.js'
import { startGateway } from './running-gateway.js'
import { ADMINISTRATOR, type RunningKunci, startKunci } from './running-kunci.js'
import { signInAdministrator, signInThrough } from './sign-in.js'

t.test('HAProxy with the configuration of its page proxies /auth and verifies tokens by the published keys', async t => {
  const kunci = await startKunci(t)
  const gateway = await startHaproxy(t, kunci)
  const signedIn = await signInThrough(t, gateway, kunci)
  await showProtection(t, gateway, signedIn)
  await showClientAddress(t, gateway)
  await showChecking(t, gateway, '200')

  const authorization = `Bearer ${signedIn.accessToken}`
  await signOut(t, gateway, signedIn)
  t.equal((await ask(gateway, 'GET', '/auth/profile', { authorization })).status, 401)
  t.equal((await ask(gateway, 'GET', '/orders', { authorization })).status, 200, 'a revoked token is good there until it expires, as the page says')
})

t.test('HAProxy refuses a token of another contract, and one that has expired', async t => {
  const kunci = await startKunci(t, { LIFETIMES: 'outlet=2/600' })
  const gateway = await startHaproxy(t, kunci)
  const { data: { token } } = bodyOf<{ data: { token: string } }>(await ask(kunci.url, 'POST', '/api/auth/login', {}, ADMINISTRATOR))
  const foreign = `Bearer ${token}`
  t.equal((await ask(kunci.url, 'GET', '/api/auth/me', { authorization: foreign })).status, 200)
  t.equal((await ask(gateway, 'GET', '/orders', { authorization: foreign })).status, 401)

  const authorization = `Bearer ${await signInAdministrator(gateway)}`
  const own = async () => (await ask(gateway, 'GET', '/orders', { authorization })).status
  // A token that never expires ends this by the time limit of the test.
  while (await own() === 200) await scheduler.wait(100)
  t.equal(await own(), 401)
})

t.test('the program of the page asks for a reload while a key is new, and leaves a key that has not changed as it is', async t => {
  const kunci = await startKunci(t)
  const folder = await createFolder(t)
  const fetchKeys = await keyProgram(t, kunci, folder)
  const files = [1, 2, 3].map(slot => join(folder, `${slot}.pem`))
  await t.resolves(fetchKeys())
  await t.resolves(fetchKeys())

  const anHourAgo = new Date(Date.now() - 3_600_000)
  for (const file of files) await utimes(file, anHourAgo, anHourAgo)
  await t.rejects(fetchKeys(), { code: 1, stderr: '' })
  for (const file of files) t.same((await stat(file)).mtime, anHourAgo)

  await writeFile(files[1] ?? '', 'half a key')
  await t.resolves(fetchKeys())
  await kunci.end()
  await t.rejects(fetchKeys(), { code: 1, stderr: /fetch failed/ })
})

/** @returns runs the program of the page once */
async function keyProgram (t: Test, kunci: RunningKunci, keys: string): Promise<() => Promise<unknown>> {
  const program = join(await createFolder(t), 'keys.mjs')
  await writeFile(program, await documentedConfiguration('haproxy-keys', 'js', []))
  return async () => await promisify(execFile)(process.execPath, [program, kunci.url, keys])
}

async function startHaproxy (t: Test, kunci: RunningKunci): Promise<string> {
  const port = await freePort()
  const upstream = await startUpstream(t)
  const folder = await createFolder(t)
  const keys = join(folder, 'keys')
  await (await keyProgram(t, kunci, keys))()
  const configuration = join(folder, 'haproxy.cfg')
  await writeFile(configuration, await documentedConfiguration('haproxy-keys', 'haproxy', [
    ['kunci:3000', kunci.host], ['application:8080', upstream], ['bind :80', `bind 127.0.0.1:${port}`], ['app.example.com', 'auth.test'], ['/etc/haproxy/kunci', keys]
  ]))
  await startGateway(t, 'haproxy', ['-db', '-f', configuration], port)
  return `http://127.0.0.1:${port}`
}
