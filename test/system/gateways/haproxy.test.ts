import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createFolder } from '../../folder.js'
import { ask } from './browser.js'
import { showChecking } from './checking.js'
import { showClientAddress } from './client-address.js'
import { documentedConfiguration } from '../../docs/gateways/page.js'
import { startUpstream } from './echoing-upstream.js'
import { freePort } from './free-port.js'
import { showProtection } from './protection.js'
import { showDemand, showOutage, showRevocation } from './refusals.js'
import { startGateway } from './running-gateway.js'
import { type RunningKunci, startKunci } from './running-kunci.js'
import { signInThrough } from './sign-in.js'

t.test('HAProxy with the configuration and the script of its page proxies /auth and asks before it passes anything else on', async t => {
  const kunci = await startKunci(t)
  const gateway = await startHaproxy(t, kunci)
  const signedIn = await signInThrough(t, gateway, kunci)
  await showProtection(t, gateway, signedIn)
  await showClientAddress(t, gateway)
  await showChecking(t, gateway)

  const demanding = await startHaproxy(t, kunci, [['lua.ask-kunci /gateway/verify', 'lua.ask-kunci /gateway/verify?role=admin']])
  await showDemand(t, demanding, signedIn, 'Bearer error="insufficient_scope"')

  const failing = await startHaproxy(t, kunci, [], [['core.httpclient()', 'core.nothing()']])
  const authorization = `Bearer ${signedIn.accessToken}`
  t.equal((await ask(failing, 'GET', '/orders', { authorization })).status, 503, 'a mistake in the script lets nobody pass')

  await showRevocation(t, gateway, signedIn)
  await showOutage(t, gateway, kunci)
  t.equal((await ask(gateway, 'GET', '/orders')).headers['retry-after'], '1')
})

async function startHaproxy (t: Test, kunci: RunningKunci, changes: Array<[string, string]> = [], mistakes: Array<[string, string]> = []): Promise<string> {
  const [port, question] = [await freePort(), await freePort()]
  const upstream = await startUpstream(t)
  const folder = await createFolder(t)
  const script = join(folder, 'kunci.lua')
  await writeFile(script, await documentedConfiguration('haproxy', 'lua', [['127.0.0.1:9001', `127.0.0.1:${question}`], ...mistakes]))
  const configuration = join(folder, 'haproxy.cfg')
  await writeFile(configuration, await documentedConfiguration('haproxy', 'haproxy', [
    ['kunci:3000', kunci.host], ['application:8080', upstream], ['bind :80', `bind 127.0.0.1:${port}`],
    ['127.0.0.1:9001', `127.0.0.1:${question}`], ['/etc/haproxy/kunci.lua', script], ...changes
  ]))
  await startGateway(t, 'haproxy', ['-db', '-f', configuration], port)
  return `http://127.0.0.1:${port}`
}
