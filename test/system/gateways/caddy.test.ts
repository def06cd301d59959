import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createFolder } from '../../folder.js'
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

t.test('Caddy with the configuration of its page proxies /auth and asks before it passes anything else on', async t => {
  const kunci = await startKunci(t)
  const gateway = await startCaddy(t, kunci)
  const signedIn = await signInThrough(t, gateway, kunci)
  await showProtection(t, gateway, signedIn)
  await showClientAddress(t, gateway)
  await showChecking(t, gateway)

  const demanding = await startCaddy(t, kunci, [['uri /gateway/verify', 'uri /gateway/verify?role=admin']])
  await showDemand(t, demanding, signedIn, 'Bearer error="insufficient_scope"')

  await showRevocation(t, gateway, signedIn)
  await showOutage(t, gateway, kunci, [504, 502])
})

async function startCaddy (t: Test, kunci: RunningKunci, changes: Array<[string, string]> = []): Promise<string> {
  const upstream = await startUpstream(t)
  const port = await freePort()
  const folder = await createFolder(t)
  const configuration = join(folder, 'Caddyfile')
  await writeFile(configuration, await documentedConfiguration('caddy', 'caddyfile', [
    ['kunci:3000', kunci.host], ['application:8080', upstream], ['app.example.com', `127.0.0.1:${port}`], ...changes
  ]))
  // Its own folder and a socket in it keep this Caddy apart from one that the machine may run.
  await startGateway(t, 'caddy', ['run', '--config', configuration], port, { HOME: folder, CADDY_ADMIN: `unix/${join(folder, 'admin.sock')}` })
  return `http://127.0.0.1:${port}`
}
