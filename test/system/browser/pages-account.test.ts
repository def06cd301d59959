import { readFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { makeAccount, PASSWORD } from './accounts.js'
import { startChromium } from './chromium.js'
import { type ServedPages, signInBy, startPages } from './served-pages.js'

async function startAccount (t: Test, pages: ServedPages, name: string) {
  const account = await makeAccount(pages.kunci, name)
  const chromium = await startChromium(t, { locale: 'en-GB' })
  const page = await chromium.open(`${pages.url}/sign-in`)
  await signInBy(page, account)
  await page.locator('.facts').waitFor()
  return { account, chromium, page }
}

t.test('the owner changes the username, the address and the password', async t => {
  const pages = await startPages(t)
  const { account, chromium, page } = await startAccount(t, pages, 'siti')
  chromium.announce(/status of 400/)
  chromium.announce(/status of 409/)
  await makeAccount(pages.kunci, 'budi')

  await page.getByLabel('Username').fill('budi')
  await page.getByRole('button', { name: 'Save username' }).click()
  await page.getByText('There is an account with this username already.').first().waitFor()
  await page.getByLabel('Username').fill('siti.r')
  await page.getByRole('button', { name: 'Save username' }).click()
  await page.getByText('Your username is changed.').waitFor()
  t.match(await page.locator('.facts').innerText(), 'siti.r')

  await page.getByLabel('New email address').fill('siti.r@example.com')
  await page.getByLabel('Current password').fill('not this one')
  await page.getByRole('button', { name: 'Send link' }).click()
  await page.getByText('The current password is not right.').first().waitFor()
  t.equal(await page.getByLabel('New email address').inputValue(), 'siti.r@example.com', 'what was typed is kept')
  await page.getByLabel('Current password').fill(account.password)
  await page.getByRole('button', { name: 'Send link' }).click()
  await page.getByText('A link is on its way to siti.r@example.com.').waitFor()
  await page.goto(await pages.mailedLink('siti.r@example.com', 'verify-email'))
  await page.getByRole('button', { name: 'Verify address' }).click()
  await page.getByText('Your account uses this address.').waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Account' }).click()
  await page.locator('.facts').getByText('siti.r@example.com').waitFor()

  await page.getByRole('link', { name: 'Password' }).click()
  await page.getByLabel('Current password').fill('not this one')
  await page.getByLabel('New password').fill('Another-password1')
  await page.getByLabel('Repeat password').fill('Another-password2')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('The two passwords are not the same.').waitFor()
  await page.getByLabel('Repeat password').fill('Another-password1')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('The current password is not right.').first().waitFor()
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Your password is changed, and your other devices are signed out.').waitFor()
  t.equal(await page.getByLabel('Current password').inputValue(), '')

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')
  await signInBy(page, { email: 'siti.r@example.com', password: 'Another-password1' })
})

t.test('the owner sees and ends sessions', async t => {
  const pages = await startPages(t)
  const { account, page } = await startAccount(t, pages, 'siti')
  const other = await startChromium(t, { locale: 'en-GB', userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1' })
  // It is signed out from elsewhere.
  other.announce(/status of 401/)
  const phone = await other.open(`${pages.url}/sign-in`)
  await signInBy(phone, account)

  await page.getByRole('link', { name: 'Devices' }).click()
  await page.getByText('Safari on iOS').waitFor()
  t.equal(await page.getByText('this device').count(), 1)
  await page.getByRole('button', { name: 'Sign out: Safari on iOS' }).click()
  await page.getByText('Safari on iOS is signed out.').waitFor()
  t.equal(await page.locator('.rows > li').count(), 1)
  await phone.reload()
  await phone.waitForURL('**/sign-in')

  await page.getByRole('link', { name: 'History' }).click()
  await page.locator('.rows').waitFor()
  t.match(await page.locator('.rows').innerText(), /Signed out[^]*Signed in[^]*Email address verified[^]*Registered/)

  await page.getByRole('link', { name: 'Devices' }).click()
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.waitForURL('**/sign-in')
})

t.test('the owner takes the data along, and deletes the account', async t => {
  const pages = await startPages(t)
  const { account, page } = await startAccount(t, pages, 'siti')
  await page.getByRole('link', { name: 'Your data' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download data' }).click()
  const download = await downloading
  t.equal(download.suggestedFilename(), 'account.json')
  t.match(JSON.parse(await readFile(await download.path(), 'utf8')), { account: { email: account.email, username: 'siti' }, sessions: [{ contract: 'outlet' }] })

  await page.getByRole('button', { name: 'Delete account' }).click()
  await page.getByText('This is needed.').waitFor()
  await page.getByLabel('Current password').fill(account.password)
  await page.getByRole('button', { name: 'Delete account' }).click()
  await page.getByRole('heading', { name: 'Your account will be deleted' }).waitFor()
  await page.goto(`${pages.url}/account`)
  await page.waitForURL('**/sign-in')
})
