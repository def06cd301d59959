import { scheduler } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startKunci } from '../gateways/running-kunci.js'
import { makeAccount } from './accounts.js'
import { type Chromium, startChromium } from './chromium.js'
import { type Site, startSite } from './site.js'
import './page-globals.js'

interface Opened { site: Site, chromium: Chromium, open: () => Promise<Page>, siti: { email: string, password: string }, budi: { email: string, password: string } }

/** A browser in which nobody is signed in, and two accounts. */
async function start (t: Test, env: Record<string, string> = {}): Promise<Opened> {
  const kunci = await startKunci(t, { RATE_LIMIT: 'off', ...env })
  const site = await startSite(t, kunci.url)
  const chromium = await startChromium(t)
  // Whoever is not signed in is told so by the server, and Chromium reports it.
  chromium.announce(/status of 401/)
  return {
    site,
    chromium,
    siti: await makeAccount(kunci, 'siti'),
    budi: await makeAccount(kunci, 'budi'),
    async open () {
      const page = await chromium.open(`${site.url}/?base=/auth`)
      await page.waitForFunction(() => window.client.state.status !== 'unknown')
      return page
    }
  }
}

const login = (page: Page, account: { email: string, password: string }) => page.evaluate(account => window.client.login(account), account)
const status = (page: Page) => page.evaluate(() => window.client.state.status)
const becomes = (page: Page, wanted: string) => page.waitForFunction(wanted => window.client.state.status === wanted, wanted)
const username = (page: Page) => page.evaluate(async () => (await window.client.profile()).username)

t.test('a client that need not restore a session asks nothing, hears the other tabs, and signs in all the same', async t => {
  const { site, open, siti } = await start(t)
  const first = await open()
  const page = await open()
  await page.evaluate(() => {
    window.client.close()
    window.client = window.kunci.createClient({ baseUrl: '/auth', restore: false })
  })
  t.equal(await status(page), 'signed-out')
  await login(page, siti)
  t.equal(await status(page), 'signed-in')
  await becomes(first, 'signed-in')
  const { length } = site.requests
  await page.evaluate(() => {
    window.client.close()
    window.client = window.kunci.createClient({ baseUrl: '/auth', restore: false })
  })
  await becomes(page, 'signed-in')
  t.same(site.requests.slice(length), [], 'the other tab told it')
})

t.test('a reload and a new tab stay signed in', async t => {
  const { open, siti } = await start(t)
  const page = await open()
  await login(page, siti)
  await page.reload()
  await becomes(page, 'signed-in')
  t.equal(await username(await open()), 'siti')
})

t.test('signing in and out reaches every tab', async t => {
  const { open, siti, site } = await start(t)
  const [one, other] = [await open(), await open()]
  await login(one, siti)
  await becomes(other, 'signed-in')
  const before = site.requests.length
  t.equal(await username(other), 'siti')
  t.same(site.requests.slice(before), ['GET /auth/profile'], 'the token came along')

  await one.evaluate(() => window.client.logout())
  await becomes(other, 'signed-out')
  t.same(await other.evaluate(() => window.client.profile().catch((error: Error) => [error.name, error.message])), ['KunciError', 'Access token required'])
})

t.test('ending all sessions, or the own one, reaches every tab', async t => {
  const { open, siti } = await start(t)
  const [one, other] = [await open(), await open()]
  await login(one, siti)
  await becomes(other, 'signed-in')
  await one.evaluate(() => window.client.logoutAll())
  await becomes(other, 'signed-out')

  await login(other, siti)
  await becomes(one, 'signed-in')
  await one.evaluate(async () => {
    const own = (await window.client.sessions()).find(({ current }) => current)
    await window.client.revoke(own?.id ?? '')
  })
  await becomes(other, 'signed-out')
  t.equal(await status(one), 'signed-out')
})

t.test('another account replaces the one before in every tab', async t => {
  const { open, siti, budi } = await start(t)
  const [one, other] = [await open(), await open()]
  await login(one, siti)
  await becomes(other, 'signed-in')
  const before = await other.evaluate(() => window.client.state)
  await login(one, budi)
  await other.waitForFunction(before => JSON.stringify(window.client.state) !== JSON.stringify(before), before)
  t.equal(await username(other), 'budi')
  t.equal(await username(await open()), 'budi')
})

t.test('a refresh that is on its way does not bring back the account before', async t => {
  const { open, siti, budi, site } = await start(t)
  const [one, other] = [await open(), await open()]
  await login(one, siti)
  await becomes(other, 'signed-in')
  const held = site.holdBack('POST /auth/refresh')
  const late = other.evaluate(() => window.client.refresh())
  await held.arrived
  await login(one, budi)
  held.release()
  await late
  t.equal(await username(other), 'budi')
  t.equal(await username(await open()), 'budi', "the cookie is the later account's")
})

t.test('a refresh that is on its way does not undo a sign-out, here or in another tab', async t => {
  const { open, siti, site } = await start(t)
  const [one, other] = [await open(), await open()]
  for (const leaving of [one, other]) {
    await login(one, siti)
    await becomes(other, 'signed-in')
    const held = site.holdBack('POST /auth/refresh')
    const late = other.evaluate(() => window.client.refresh())
    await held.arrived
    await leaving.evaluate(() => window.client.logout())
    held.release()
    await late
    await scheduler.wait(200)
    t.same([await status(one), await status(other)], ['signed-out', 'signed-out'])
    await other.reload()
    await becomes(other, 'signed-out')
  }
})

t.test('five tabs that refresh at once for a minute stay signed in', async t => {
  const { open, siti, site } = await start(t, { LIFETIMES: 'outlet=5/600' })
  const pages = [await open(), await open(), await open(), await open(), await open()]
  const [first] = pages
  if (first === undefined) throw new Error('no tab')
  await login(first, siti)
  for (const page of pages) {
    await becomes(page, 'signed-in')
    await page.evaluate(() => {
      window.states = []
      // At the same moments in all tabs.
      const again = () => {
        void window.client.refresh()
        setTimeout(again, 500 - Date.now() % 500)
      }
      again()
    })
  }
  await scheduler.wait(60_000)
  const refreshes = site.requests.filter(asked => asked === 'POST /auth/refresh').length
  t.ok(refreshes > 100, `${refreshes} refreshes`)
  for (const page of pages) {
    t.same(await page.evaluate(() => window.states), [])
    t.equal(await username(page), 'siti')
  }
})

t.test('five tabs left alone share their tokens and stay signed in', async t => {
  const { open, siti, site } = await start(t, { LIFETIMES: 'outlet=5/600' })
  const pages = [await open(), await open(), await open(), await open(), await open()]
  const [first] = pages
  if (first === undefined) throw new Error('no tab')
  await login(first, siti)
  for (const page of pages) await becomes(page, 'signed-in')
  const before = site.requests.length
  await scheduler.wait(20_000)
  const refreshes = site.requests.length - before
  t.ok(refreshes >= 4, `${refreshes} refreshes, before each token ran out`)
  t.ok(refreshes <= 20, `${refreshes} refreshes, where each tab for itself would have made some 30`)
  for (const page of pages) t.equal(await username(page), 'siti')
})
