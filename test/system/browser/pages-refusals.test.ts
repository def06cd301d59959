import t from 'tap'
import { startChromium } from './chromium.js'
import { startPages } from './served-pages.js'

t.test('who asks too often is told when to try again', async t => {
  const { url } = await startPages(t, { RATE_LIMIT: 'on' })
  const forgot = async () => await fetch(`${url}/auth/password/forgot`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"email":"siti@example.com"}' })
  while ((await forgot()).status !== 429);
  for (const [locale, sentence] of [['en-GB', /^Too many attempts\. Try again in \d+ seconds?\.$/], ['id-ID', /^Terlalu banyak percobaan\. Coba lagi dalam \d+ detik\.$/]] as const) {
    const chromium = await startChromium(t, { locale })
    chromium.announce(/status of 429/)
    const page = await chromium.open(`${url}/forgot-password`)
    await page.getByLabel('Email').fill('siti@example.com')
    await page.locator('form button[type=submit]').click()
    await page.locator('[role=alert] .message').waitFor()
    t.match(await page.getByRole('alert').innerText(), sentence)
    t.equal(await page.getByLabel('Email').inputValue(), 'siti@example.com')
  }
})

t.test('where the server is not reached a form says so, keeps what was typed, and can be sent again', async t => {
  const { kunci, url } = await startPages(t)
  const chromium = await startChromium(t, { locale: 'en-GB' })
  chromium.announce(/ERR_CONNECTION_REFUSED/)
  const page = await chromium.open(`${url}/sign-in`)
  await page.getByLabel('Email').fill('siti@example.com')
  await page.getByLabel('Password', { exact: true }).fill('Password123!')
  await page.getByRole('navigation').waitFor()
  await kunci.end()
  for (const time of ['once', 'twice']) {
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('The server was not reached. Check your connection and try again.').waitFor()
    t.equal(await page.getByLabel('Password', { exact: true }).inputValue(), 'Password123!', time)
  }
})
