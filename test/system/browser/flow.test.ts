import t from 'tap'
import { startKunci } from '../gateways/running-kunci.js'
import { startChromium } from './chromium.js'
import { startSite } from './site.js'
import './page-globals.js'

t.test('from registration to sign-out', async t => {
  const kunci = await startKunci(t)
  const site = await startSite(t, kunci.url)
  const chromium = await startChromium(t)
  chromium.announce(/status of 401/)
  const page = await chromium.open(`${site.url}/?base=/auth`)

  await page.waitForFunction(() => window.client.state.status === 'signed-out')
  await page.evaluate(async () => {
    const [outlet] = await window.client.outlets()
    const role = (await window.client.roles()).find(({ name }) => name === 'user')
    if (outlet === undefined || role === undefined) throw new Error('nothing to choose')
    await window.client.register({ email: 'siti@example.com', username: 'siti', password: 'Password123!', confirmPassword: 'Password123!', outlet_id: outlet.id, role_id: role.id })
  })
  const token = await kunci.mailedToken('siti@example.com')
  await page.evaluate(token => window.client.verify(token), token)
  await page.evaluate(() => window.client.login({ email: 'siti@example.com', password: 'Password123!' }))

  const profile = await page.evaluate(() => window.client.profile())
  t.match(profile, { email: 'siti@example.com', username: 'siti', isConfirmed: true, role: { name: 'user', isAdmin: false } })
  t.same(await page.evaluate(() => window.client.fetch('/auth/profile').then(answer => answer.json())), { status: 200, message: 'Get profile success', data: profile })
  t.match(await page.evaluate(() => window.client.updateProfile({ username: 'siti.r' })), { username: 'siti.r' })
  t.match(await page.evaluate(() => window.client.sessions()), [{ contract: 'outlet', current: true }])
  t.match(await page.evaluate(() => window.client.history({ limit: 2 })), [{ type: 'profile.updated' }, { type: 'session.started' }])
  t.match(await page.evaluate(() => window.client.exportAccount()), { account: { username: 'siti.r' } })

  await page.evaluate(() => window.client.logout())
  t.same(await page.evaluate(() => window.states), [{ status: 'unknown' }, { status: 'signed-out' }, { status: 'signed-in', accountId: profile.id, permissions: [] }, { status: 'signed-out' }])
  await page.reload()
  await page.waitForFunction(() => window.client.state.status === 'signed-out')
})
