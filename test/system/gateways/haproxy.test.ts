import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scheduler } from 'node:timers/promises'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { createFolder } from '../../folder.js'
import { ask, bodyOf } from './browser.js'
import { showClientAddress } from './client-address.js'
import { documentedConfiguration } from './documented-configuration.js'
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

async function startHaproxy (t: Test, kunci: RunningKunci): Promise<string> {
  const port = await freePort()
  const upstream = await startUpstream(t)
  const folder = await createFolder(t)
  const keys = join(folder, 'keys')
  const program = join(folder, 'keys.mjs')
  await writeFile(program, await documentedConfiguration('haproxy', 'js', []))
  await promisify(execFile)(process.execPath, [program, kunci.url, keys])
  const configuration = join(folder, 'haproxy.cfg')
  await writeFile(configuration, await documentedConfiguration('haproxy', 'haproxy', [
    ['kunci:3000', kunci.host], ['application:8080', upstream], ['bind :80', `bind 127.0.0.1:${port}`], ['app.example.com', 'auth.test'], ['/etc/haproxy/kunci', keys]
  ]))
  await startGateway(t, 'haproxy', ['-db', '-f', configuration], port)
  return `http://127.0.0.1:${port}`
}
