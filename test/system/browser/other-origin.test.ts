import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { createFolder } from '../../folder.js'
import { startKunci } from '../gateways/running-kunci.js'
import { makeAccount } from './accounts.js'
import { startChromium } from './chromium.js'
import { startSite } from './site.js'
import './page-globals.js'

/** An application that lives on another origin than the server. */
async function start (t: Test, host: string, env: Record<string, string> = {}, launch: { profile?: string } = {}) {
  const site = await startSite(t, '', { host })
  const kunci = await startKunci(t, { CORS_ORIGINS: site.url, ...env })
  const chromium = await startChromium(t, {}, launch)
  const siti = await makeAccount(kunci, 'siti')
  chromium.announce(/status of 401/)
  const page = await chromium.open(`${site.url}/?base=${kunci.url}/auth`)
  await becomes(page, 'signed-out')
  await page.evaluate(account => window.client.login(account), siti)
  return { site, kunci, chromium, page, siti }
}

const becomes = (page: Page, wanted: string) => page.waitForFunction(wanted => window.client.state.status === wanted, wanted)
const username = (page: Page) => page.evaluate(async () => (await window.client.profile()).username)

t.test('another origin of the same site signs in, reloads and signs out', async t => {
  const { page } = await start(t, '127.0.0.1')
  t.equal(await username(page), 'siti')
  await page.reload()
  await becomes(page, 'signed-in')
  t.equal(await username(page), 'siti')
  await page.evaluate(() => window.client.logout())
  await page.reload()
  await becomes(page, 'signed-out')
})

t.test('another site needs SameSite=None, and a browser that takes its cookies', async t => {
  const { page } = await start(t, 'localhost', { COOKIE_SAMESITE: 'None' }, { profile: await createTakingProfile(t) })
  await page.reload()
  await becomes(page, 'signed-in')
  t.equal(await username(page), 'siti')
})

t.test('another site is signed in until it is reloaded with SameSite=Strict', async t => {
  const { page } = await start(t, 'localhost', {}, { profile: await createTakingProfile(t) })
  t.equal(await username(page), 'siti')
  await page.reload()
  await becomes(page, 'signed-out')
})

t.test("another site is signed in until it is reloaded in a browser that takes no other site's cookies", async t => {
  const { page } = await start(t, 'localhost', { COOKIE_SAMESITE: 'None' })
  t.equal(await username(page), 'siti')
  await page.reload()
  await becomes(page, 'signed-out')
})

t.test('an origin that is not listed gets no answer', async t => {
  const site = await startSite(t, '', { host: 'localhost' })
  const kunci = await startKunci(t, { CORS_ORIGINS: 'https://app.example.com' })
  const chromium = await startChromium(t)
  chromium.announce(/blocked by CORS policy/)
  chromium.announce(/ERR_FAILED/)
  const page = await chromium.open(`${site.url}/?base=${kunci.url}/auth`)
  t.equal(await page.evaluate(() => window.client.outlets().catch((error: Error) => error.name)), 'NetworkError')
  t.equal(await page.evaluate(() => window.client.state.status), 'unknown')
})

t.test('the access token goes to no origin that is not named', async t => {
  const { page, kunci } = await start(t, '127.0.0.1')
  const elsewhere = await startSite(t, kunci.url, { host: 'localhost' })
  t.equal(await page.evaluate(url => window.client.fetch(`${url}/auth/profile`).catch((error: Error) => String(error)), elsewhere.url), `TypeError: ${elsewhere.url} not in origins`)
  t.same(elsewhere.requests, [])

  const asked = await page.evaluate(async ({ baseUrl, origin }) => {
    const client = window.kunci.createClient({ baseUrl, origins: [origin] })
    await client.refresh()
    return await client.fetch(`${origin}/auth/profile`).then(answer => answer.status)
  }, { baseUrl: `${kunci.url}/auth`, origin: elsewhere.url })
  t.equal(asked, 200)
})

/** The profile of somebody who lets other sites set cookies, which Debian's Chromium by itself does not. */
async function createTakingProfile (t: Test): Promise<string> {
  const folder = await createFolder(t)
  await mkdir(join(folder, 'Default'))
  await writeFile(join(folder, 'Default/Preferences'), JSON.stringify({ profile: { cookie_controls_mode: 0, block_third_party_cookies: false } }))
  return folder
}
