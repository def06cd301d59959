import { scheduler } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startKunci } from '../gateways/running-kunci.js'
import { makeAccount } from './accounts.js'
import { startChromium } from './chromium.js'
import { startSite } from './site.js'
import './page-globals.js'

/** A tab in which somebody is signed in, with access tokens of five seconds. @param now what the browser takes the time to be */
async function start (t: Test, now?: string) {
  const kunci = await startKunci(t, { RATE_LIMIT: 'off', LIFETIMES: 'outlet=5/600' })
  const site = await startSite(t, kunci.url)
  const chromium = await startChromium(t)
  const siti = await makeAccount(kunci, 'siti')
  chromium.announce(/status of 401/)
  if (now !== undefined) await chromium.context.clock.install({ time: now })
  const page = await chromium.open(`${site.url}/?base=/auth`)
  await page.waitForFunction(() => window.client.state.status === 'signed-out')
  await page.evaluate(account => window.client.login(account), siti)
  const before = site.requests.length
  return { chromium, page, since: () => site.requests.slice(before) }
}

t.test('a machine that slept past the end of the token goes on', async t => {
  const { chromium, page, since } = await start(t)
  const devTools = await chromium.context.browser()?.newBrowserCDPSession()
  const { processInfo = [] } = await devTools?.send('SystemInfo.getProcessInfo') ?? {}
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  for (const id of renderers) process.kill(id, 'SIGSTOP')
  await scheduler.wait(7000)
  for (const id of renderers) process.kill(id, 'SIGCONT')
  t.equal(await page.evaluate(async () => (await window.client.profile()).username), 'siti')
  t.same(since(), ['POST /auth/refresh', 'GET /auth/profile'])
  t.same(await page.evaluate(() => window.states.map(({ status }) => status)), ['unknown', 'signed-out', 'signed-in'])
})

t.test('a tab that nobody sees asks for nothing until it is looked at', async t => {
  const { page, since } = await start(t)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })
  await scheduler.wait(7000)
  t.same(since(), [])
  await page.evaluate(() => {
    Reflect.deleteProperty(document, 'hidden')
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })
  t.equal(await page.evaluate(async () => (await window.client.profile()).username), 'siti')
  t.same(since(), ['POST /auth/refresh', 'GET /auth/profile'])
})

for (const now of ['1999-12-31T23:59:00Z', '2099-01-01T00:00:00Z']) {
  t.test(`a browser whose clock says ${now} renews its token in time, and no more often`, async t => {
    const { page, since } = await start(t, now)
    await scheduler.wait(10_000)
    t.equal(await page.evaluate(async () => (await window.client.profile()).username), 'siti')
    const [profile, ...refreshes] = since().reverse()
    t.equal(profile, 'GET /auth/profile')
    t.same([...new Set(refreshes)], ['POST /auth/refresh'])
    t.ok(refreshes.length >= 2 && refreshes.length <= 4, `${refreshes.length} refreshes in ten seconds`)
  })
}
