import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import t from 'tap'
import { startKunci } from '../gateways/running-kunci.js'
import { makeAccount } from './accounts.js'
import { startChromium } from './chromium.js'
import { startSite } from './site.js'
import './page-globals.js'

const text = await readFile('docs/spa.md', 'utf8')
const blocks = (language: string) => [...text.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, block = '']) => block)

/** What a bundler would do, and a title and icon, which Chromium asks for. */
const HEAD = '<!doctype html><title>An application</title><link rel="icon" href="data:,"><script type="importmap">{ "imports": { "kunci/client": "/client.js" } }</script>\n'

const [withClient = '', withoutClient = ''] = blocks('html')

for (const [name, example] of [['with the client', withClient], ['without the client', withoutClient]]) {
  t.test(`the page's application ${name} signs in, reloads and signs out`, async t => {
    const kunci = await startKunci(t, { LIFETIMES: 'outlet=5/600' })
    const site = await startSite(t, kunci.url, { pages: { '/': HEAD + example } })
    const siti = await makeAccount(kunci, 'siti')
    const chromium = await startChromium(t)
    chromium.announce(/status of 401/)
    const page = await chromium.open(site.url)

    await signIn(page, siti.email, 'wrong')
    await page.getByText('Invalid credentials').waitFor()
    await signIn(page, siti.email, siti.password)
    await page.getByText('siti@example.com').waitFor()
    await page.reload()
    await page.getByText('siti@example.com').waitFor()
    t.notOk(await page.locator('form').isVisible())

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.locator('form').waitFor()
    await page.reload()
    await page.locator('form').waitFor()
    t.notOk(await page.locator('main').isVisible())
  })
}

t.test("the page's settings for another origin work", async t => {
  const site = await startSite(t, '')
  const [variable = '', value = ''] = blocks('sh').join('').trim().split('=')
  t.equal(value, 'https://app.example.com')
  const kunci = await startKunci(t, { [variable]: site.url })
  const api = await startSite(t, kunci.url)
  const siti = await makeAccount(kunci, 'siti')
  const chromium = await startChromium(t)
  chromium.announce(/status of 401/)
  const page = await chromium.open(site.url)
  const example = blocks('js').join('').replace('https://auth.example.com', kunci.url).replace('https://api.example.com', api.url)
  await page.addScriptTag({ type: 'module', content: `import { createClient } from '/client.js'\n${example}\nwindow.client = client` })
  await page.waitForFunction(() => window.client?.state.status === 'signed-out')
  await page.evaluate(account => window.client.login(account), siti)
  t.equal(await page.evaluate(url => window.client.fetch(`${url}/auth/profile`).then(answer => answer.status), api.url), 200)
})

async function signIn (page: Page, email: string, password: string): Promise<void> {
  await page.locator('[name=email]').fill(email)
  await page.locator('[name=password]').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
