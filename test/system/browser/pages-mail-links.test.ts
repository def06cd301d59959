import type { Page } from 'playwright-core'
import t from 'tap'
import { ADMINISTRATOR } from '../gateways/running-kunci.js'
import { makeAccount } from './accounts.js'
import { startChromium } from './chromium.js'
import { signInBy, startPages } from './served-pages.js'

const NEW_PASSWORD = 'Another-password1'

async function post (url: string, body: object, headers: Record<string, string> = {}): Promise<{ data: Record<string, unknown> }> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`)
  return await answer.json() as { data: Record<string, unknown> }
}

async function choosePassword (page: Page, password: string): Promise<void> {
  await page.getByLabel('New password').fill(password)
  await page.getByLabel('Repeat password').fill(password)
  await page.getByRole('button', { name: 'Save password' }).click()
}

t.test('a forgotten password is replaced by the link of a mail, which opening does not spend', async t => {
  const { kunci, url, mailedLink } = await startPages(t)
  const { email } = await makeAccount(kunci, 'siti')
  const chromium = await startChromium(t, { locale: 'en-GB' })
  chromium.announce(/status of 400/)
  const page = await chromium.open(`${url}/sign-in`)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Send link' }).click()
  await page.getByText(`If there is an account for ${email}, a link is on its way.`).waitFor()

  const link = await mailedLink(email, 'reset-password')
  const token = new URL(link).searchParams.get('token') ?? ''
  const requests: string[] = []
  chromium.context.on('request', request => { requests.push(`${request.method()} ${request.url()}`) })
  for (const time of ['first', 'second']) {
    await page.goto(link)
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await page.waitForLoadState('networkidle')
    t.equal(page.url(), `${url}/reset-password`, `the address has the token no more, the ${time} time`)
  }
  t.same(requests.filter(asked => asked.includes(token)), Array(2).fill(`GET ${link}`), 'nothing but the link itself has it')
  t.notOk(requests.some(asked => asked.includes('/password/reset')))

  await page.reload()
  await page.getByRole('heading', { name: 'This page has to be opened by the link in your mail' }).waitFor()
  await page.goto(link)
  await choosePassword(page, 'short')
  t.match(await page.locator('.wrong').first().innerText(), 'At least 8 characters.')
  await choosePassword(page, NEW_PASSWORD)
  await page.getByRole('heading', { name: 'Your password is changed' }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await signInBy(page, { email, password: NEW_PASSWORD })

  await page.goto(link)
  await choosePassword(page, 'Yet-another-1')
  await page.getByText('This link is no longer good').waitFor()
  await page.getByRole('link', { name: 'Ask for another link' }).click()
  await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
})

t.test('who is invited completes the account', async t => {
  const { kunci, url, mailedLink } = await startPages(t)
  await makeAccount(kunci, 'budi')
  const { data } = await post(`${url}/auth/login`, ADMINISTRATOR)
  const roles = await (await fetch(`${url}/auth/roles`)).json() as { data: Array<{ id: string }> }
  await post(`${url}/admin/invitations`, { email: 'guest@example.com', role_id: roles.data[0]?.id }, { authorization: `Bearer ${String(data['access_token'])}` })

  const chromium = await startChromium(t, { locale: 'en-GB' })
  chromium.announce(/status of 409/)
  const page = await chromium.open(await mailedLink('guest@example.com', 'accept-invitation'))
  await page.getByLabel('Username').fill('budi')
  await page.getByLabel('Password', { exact: true }).fill('Password123!')
  await page.getByLabel('Repeat password').fill('Password123!')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.locator('.field .wrong').getByText('There is an account with this username already.').waitFor()
  await page.getByLabel('Username').fill('budi.s')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Your account is ready' }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await signInBy(page, { email: 'guest@example.com', password: 'Password123!' })
  await page.locator('.facts').waitFor()
  t.match(await page.locator('.facts').innerText(), /guest@example\.com verified\n[^]*budi\.s/)
})

t.test('an address that donation gave away is taken back', async t => {
  const { url, mailedLink } = await startPages(t)
  await post(`${url}/donation/auth/register`, { email: 'siti@example.com', password: 'Password123!', nama_lengkap: 'Siti Rahayu', telp: '081234567890' })
  const { data } = await post(`${url}/donation/auth/login`, { email: 'siti@example.com', password: 'Password123!' })
  await fetch(`${url}/donation/auth/profile/update`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${String(data['token'])}` },
    body: JSON.stringify({ email: 'siti.r@example.com' })
  })

  const chromium = await startChromium(t, { locale: 'en-GB' })
  // A link that was used already is refused so by donation.
  chromium.announce(/status of 401/)
  const link = await mailedLink('siti@example.com', 'restore-email')
  const page = await chromium.open(link)
  await page.getByRole('button', { name: 'Restore address' }).click()
  await page.getByRole('heading', { name: 'Your address is restored' }).waitFor()
  await page.goto(link)
  await page.getByRole('button', { name: 'Restore address' }).click()
  await page.getByText('This link is no longer good').waitFor()
  t.match(await mailedLink('siti@example.com', 'reset-password'), `${url}/reset-password?token=`)
})

t.test('an account is recovered by the mail of member, in one step', async t => {
  const { kunci, url, mailedLink } = await startPages(t)
  const { email } = await makeAccount(kunci, 'siti')
  await post(`${url}/member/api/auth/send-verification-email`, { email })
  const chromium = await startChromium(t, { locale: 'en-GB' })
  chromium.announce(/status of 400/)
  const page = await chromium.open(await mailedLink(email, 'recover-account'))
  await choosePassword(page, 'short')
  await page.locator('.field .wrong').getByText('At least 8 characters.').waitFor()
  await choosePassword(page, NEW_PASSWORD)
  await page.getByRole('heading', { name: 'Your password is changed' }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await signInBy(page, { email, password: NEW_PASSWORD })
  t.equal(page.url(), `${url}/account`)
})
