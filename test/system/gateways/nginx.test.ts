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

t.test('nginx with the configuration of its page proxies /auth and asks before it passes anything else on', async t => {
  const kunci = await startKunci(t)
  const upstream = await startUpstream(t)
  const port = await freePort()
  const gateway = `http://127.0.0.1:${port}`

  const folder = await createFolder(t)
  const site = await documentedConfiguration('nginx', 'nginx', [['kunci:3000', kunci.host], ['application:8080', upstream], ['listen 80', `listen 127.0.0.1:${port}`], ['app.example.com', '127.0.0.1']])
  await writeFile(join(folder, 'site.conf'), site)
  // Stands for the distribution's nginx.conf, which includes the page's file at the same place.
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${join(folder, name)};`).join(' ')
  const main = join(folder, 'nginx.conf')
  await writeFile(main, `daemon off; worker_processes 1; pid ${join(folder, 'pid')}; events {} http { access_log off; ${temporary} include ${join(folder, 'site.conf')}; }\n`)
  await startGateway(t, 'nginx', ['-e', 'stderr', '-p', folder, '-c', main], port)

  const signedIn = await signInThrough(t, gateway, kunci)
  await showProtection(t, gateway, signedIn)
  t.equal((await ask(gateway, 'GET', '/_kunci')).status, 404, 'the question itself is not for clients')

  const authorization = `Bearer ${signedIn.accessToken}`
  await signOut(t, gateway, signedIn)
  const revoked = await ask(gateway, 'GET', '/orders', { authorization })
  t.equal(revoked.status, 401)
  t.equal(revoked.headers['www-authenticate'], 'Bearer error="invalid_token"')

  await kunci.end()
  const unasked = await ask(gateway, 'GET', '/orders', { authorization })
  t.equal(unasked.status, 503, 'who cannot be asked about does not pass')
  t.equal(unasked.headers['retry-after'], '1')
})
