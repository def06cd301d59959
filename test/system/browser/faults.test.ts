import { scheduler } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { createFolder } from '../../folder.js'
import { startKunci } from '../gateways/running-kunci.js'
import { makeAccount } from './accounts.js'
import { startChromium } from './chromium.js'
import { startSite } from './site.js'
import './page-globals.js'

/** A tab in which somebody is signed in. */
async function start (t: Test, env: Record<string, string> = {}) {
  const dataDir = await createFolder(t)
  const kunci = await startKunci(t, { RATE_LIMIT: 'off', ...env, DATA_DIR: dataDir })
  const site = await startSite(t, kunci.url)
  const chromium = await startChromium(t)
  const siti = await makeAccount(kunci, 'siti')
  chromium.announce(/status of 401/)
  const page = await chromium.open(`${site.url}/?base=/auth`)
  await becomes(page, 'signed-out')
  await page.evaluate(account => window.client.login(account), siti)
  const again = () => startKunci(t, { RATE_LIMIT: 'off', ...env, DATA_DIR: dataDir })
  return { kunci, site, chromium, page, siti, again }
}

const status = (page: Page) => page.evaluate(() => window.client.state.status)
const becomes = (page: Page, wanted: string) => page.waitForFunction(wanted => window.client.state.status === wanted, wanted)
const username = (page: Page) => page.evaluate(async () => (await window.client.profile()).username)

t.test('an answer that is lost signs nobody out', async t => {
  const { site, chromium, page } = await start(t)
  chromium.announce(/ERR_EMPTY_RESPONSE/)
  const held = site.holdBack('POST /auth/refresh')
  const lost = page.evaluate(() => window.client.refresh().catch((error: Error) => [error.name, error.message]))
  await held.arrived
  held.lose()
  t.same(await lost, ['NetworkError', 'Server not reached'])
  t.equal(await status(page), 'signed-in')

  await page.evaluate(() => { window.dispatchEvent(new Event('online')) })
  await page.evaluate(() => window.client.refresh())
  t.equal(await username(page), 'siti')
  await page.reload()
  await becomes(page, 'signed-in')
})

t.test('a tab that is closed in the middle of a refresh loses nothing', async t => {
  const { site, chromium, page } = await start(t)
  const cookie = async () => (await chromium.context.cookies(`${site.url}/auth`)).find(({ name }) => name === 'refresh_token')?.value
  const [before, held] = [await cookie(), site.holdBack('POST /auth/refresh')]
  await page.evaluate(() => { void window.client.refresh() })
  await held.arrived
  await page.close()
  // A tab's process goes a little later, and its ordinary requests with it.
  await scheduler.wait(1500)
  held.release()
  for (let looks = 0; looks < 100 && await cookie() === before; looks++) await scheduler.wait(50)
  t.not(await cookie(), before)
  const tab = await chromium.open(`${site.url}/?base=/auth`)
  await becomes(tab, 'signed-in')
  t.equal(await username(tab), 'siti')
})

t.test('a server that is down signs nobody out, and is found again', async t => {
  const { kunci, site, chromium, page, again } = await start(t)
  chromium.announce(/status of 502/)
  await kunci.end()
  const refused = await page.evaluate(() => window.client.refresh().catch((error: Error) => ({ ...error, name: error.name, message: error.message })))
  t.same(refused, { name: 'KunciError', message: 'HTTP 502', status: 502, errors: [] })
  t.equal(await status(page), 'signed-in')
  const tab = await chromium.open(`${site.url}/?base=/auth`)
  await becomes(tab, 'signed-in')
  await tab.close()
  await page.reload()
  await scheduler.wait(3000)
  t.equal(await status(page), 'unknown', 'there is no other tab to tell')

  site.upstream = (await again()).url
  await becomes(page, 'signed-in')
  t.equal(await username(page), 'siti')
})

t.test('a sign-out while the server is down holds here at once, over a reload, and there as soon as it is back', async t => {
  const { kunci, site, chromium, page, siti, again } = await start(t)
  chromium.announce(/status of 502/)
  const tab = await chromium.open(`${site.url}/?base=/auth`)
  await becomes(tab, 'signed-in')
  await kunci.end()
  t.equal(await page.evaluate(() => window.client.logout().catch((error: Error) => error.message)), 'HTTP 502')
  await becomes(tab, 'signed-out')
  await page.reload()
  t.same(await page.evaluate(() => window.states), [{ status: 'signed-out' }])

  site.upstream = (await again()).url
  await page.waitForFunction(() => localStorage.length === 0)
  await page.reload()
  await becomes(page, 'signed-out')
  await page.evaluate(account => window.client.login(account), siti)
  t.match(await page.evaluate(() => window.client.sessions()), [{ current: true }], 'the other one has ended')
})

t.test('a browser without a network signs out, and says that the server does not know', async t => {
  const { chromium, page } = await start(t)
  chromium.announce(/ERR_INTERNET_DISCONNECTED/)
  await chromium.context.setOffline(true)
  t.equal(await page.evaluate(() => window.client.profile().catch((error: Error) => error.name)), 'NetworkError')
  t.equal(await status(page), 'signed-in')
  t.equal(await page.evaluate(() => window.client.logout().catch((error: Error) => error.name)), 'NetworkError')
  t.equal(await status(page), 'signed-out')
  await chromium.context.setOffline(false)
  await page.waitForFunction(() => localStorage.length === 0)
  await page.reload()
  await becomes(page, 'signed-out')
})

t.test('a limit is kept for as long as the server says', async t => {
  const { kunci, site, chromium, page } = await start(t, { RATE_LIMIT: 'on' })
  chromium.announce(/status of 429/)
  await Promise.all(Array.from({ length: 600 }, () => fetch(`${kunci.url}/auth/refresh`, { method: 'POST' })))
  const limited = await page.evaluate(() => window.client.refresh().catch((error: { status: number, message: string, retryAfter: number }) => [error.status, error.message, error.retryAfter > 0]))
  t.same(limited, [429, 'Too many requests', true])
  const before = site.requests.length
  await page.evaluate(() => { window.dispatchEvent(new Event('online')) })
  t.equal(await page.evaluate(() => window.client.refresh().catch((error: Error) => error.message)), 'Too many requests')
  await scheduler.wait(2000)
  t.same(site.requests.slice(before), [])
  t.equal(await status(page), 'signed-in')
  t.equal(await username(page), 'siti')
})
