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

t.test('nginx with the configuration of its page proxies /auth and asks before it passes anything else on', async t => {
  const kunci = await startKunci(t)
  const gateway = await startNginx(t, kunci)
  const signedIn = await signInThrough(t, gateway, kunci)
  await showProtection(t, gateway, signedIn)
  await showClientAddress(t, gateway)
  await showChecking(t, gateway)
  t.equal((await ask(gateway, 'GET', '/_kunci')).status, 404, 'the question itself is not for clients')

  const demanding = await startNginx(t, kunci, [['/gateway/verify', '/gateway/verify?role=admin']])
  await showDemand(t, demanding, signedIn, undefined)

  await showRevocation(t, gateway, signedIn)
  await showOutage(t, gateway, kunci)
  t.equal((await ask(gateway, 'GET', '/orders')).headers['retry-after'], '1')
})

async function startNginx (t: Test, kunci: RunningKunci, changes: Array<[string, string]> = []): Promise<string> {
  const upstream = await startUpstream(t)
  const port = await freePort()
  const folder = await createFolder(t)
  await writeFile(join(folder, 'site.conf'), await documentedConfiguration('nginx', 'nginx', [
    ['kunci:3000', kunci.host], ['application:8080', upstream], ['listen 80', `listen 127.0.0.1:${port}`], ['app.example.com', '127.0.0.1'], ...changes
  ]))
  // Stands for the distribution's nginx.conf, which includes the page's file at the same place.
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${join(folder, name)};`).join(' ')
  const main = join(folder, 'nginx.conf')
  await writeFile(main, `daemon off; worker_processes 1; pid ${join(folder, 'pid')}; events {} http { access_log off; ${temporary} include ${join(folder, 'site.conf')}; }\n`)
  await startGateway(t, 'nginx', ['-e', 'stderr', '-p', folder, '-c', main], port)
  return `http://127.0.0.1:${port}`
}
