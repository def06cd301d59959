import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { createFolder } from '../../folder.js'
import { ask } from './browser.js'
import { documentedConfiguration } from './documented-configuration.js'
import { startUpstream } from './echoing-upstream.js'
import { freePort } from './free-port.js'
import { showProtection, signOut } from './protection.js'
import { startGateway } from './running-gateway.js'
import { startKunci } from './running-kunci.js'
import { signInThrough } from './sign-in.js'

t.test('Caddy with the configuration of its page proxies /auth and asks before it passes anything else on', async t => {
  const kunci = await startKunci(t)
  const upstream = await startUpstream(t)
  const port = await freePort()
  const gateway = `http://127.0.0.1:${port}`

  const folder = await createFolder(t)
  const configuration = join(folder, 'Caddyfile')
  await writeFile(configuration, await documentedConfiguration('caddy', 'caddyfile', [['kunci:3000', kunci.host], ['application:8080', upstream], ['app.example.com', `127.0.0.1:${port}`]]))
  // Its own folder and a socket in it keep this Caddy apart from one that the machine may run.
  await startGateway(t, 'caddy', ['run', '--config', configuration], port, { HOME: folder, CADDY_ADMIN: `unix/${join(folder, 'admin.sock')}` })

  const signedIn = await signInThrough(t, gateway, kunci)
  await showProtection(t, gateway, signedIn)

  const authorization = `Bearer ${signedIn.accessToken}`
  await signOut(t, gateway, signedIn)
  const revoked = await ask(gateway, 'GET', '/orders', { authorization })
  t.equal(revoked.status, 401)
  t.equal(revoked.headers['www-authenticate'], 'Bearer error="invalid_token"')

  await kunci.end()
  t.equal((await ask(gateway, 'GET', '/orders', { authorization })).status, 502, 'who cannot be asked about does not pass')
})
