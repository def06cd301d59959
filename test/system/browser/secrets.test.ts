import t from 'tap'
import { startKunci } from '../gateways/running-kunci.js'
import { makeAccount } from './accounts.js'
import { startChromium } from './chromium.js'
import { startSite } from './site.js'
import './page-globals.js'

t.test('no script finds a token in what the browser keeps', async t => {
  const kunci = await startKunci(t)
  const site = await startSite(t, kunci.url)
  const chromium = await startChromium(t)
  const siti = await makeAccount(kunci, 'siti')
  chromium.announce(/status of 401/)
  const page = await chromium.open(`${site.url}/?base=/auth`)
  await page.waitForFunction(() => window.client.state.status === 'signed-out')
  await page.evaluate(account => window.client.login(account), siti)
  await page.evaluate(() => window.client.refresh())

  const cookies = (await chromium.context.cookies(`${site.url}/auth`)).filter(({ name }) => name === 'refresh_token')
  t.match(cookies, [{ path: '/auth', httpOnly: true, secure: true, sameSite: 'Strict' }])
  t.equal(await page.evaluate(() => document.cookie), '')
  t.same(await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    name: window.name,
    history: history.state as unknown
  })), { local: {}, session: {}, databases: [], caches: [], name: '', history: null })

  const found = await page.evaluate(() => {
    const tokens: string[] = []
    const seen = new Set<unknown>()
    function search (value: unknown, path: string): void {
      if (typeof value === 'string' && /^(?:Bearer )?eyJ[\w-]+\.[\w-]+\./.test(value)) tokens.push(path)
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return
      seen.add(value)
      for (const [name, { value: own }] of Object.entries(Object.getOwnPropertyDescriptors(value))) search(own, `${path}.${name}`)
    }
    Object.assign(window, { planted: { deep: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIifQ.x' } })
    search(window, 'window')
    return tokens
  })
  t.same(found, ['window.planted.deep'], 'the search finds what is there to be found')
})
