import t from 'tap'
import { ADMINISTRATOR } from '../gateways/running-kunci.js'
import { startChromium } from './chromium.js'
import { startPages } from './served-pages.js'

t.test('signing in takes no mouse, and tells a screen reader where it is', async t => {
  const { url } = await startPages(t)
  const chromium = await startChromium(t, { locale: 'en-GB', reducedMotion: 'reduce' })
  // The first password is a wrong one.
  chromium.announce(/status of 401/)
  const page = await chromium.open(`${url}/sign-in`)
  await page.getByRole('navigation').waitFor()
  const focused = async () => await page.evaluate(() => [document.activeElement?.tagName.toLowerCase(), document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent].join(' '))
  const press = async (...keys: string[]) => { for (const key of keys) await page.keyboard.press(key) }

  for (const next of ['a Skip to content', 'a Kunci', 'a Sign in', 'a Register', 'input email', 'input password', 'button Show', 'button Sign in', 'a Forgot your password?']) {
    await press('Tab')
    t.equal(await focused(), next)
  }

  await press('Shift+Tab', 'Enter')
  await page.locator('input[name=email]:focus').waitFor()
  t.same(await page.getByLabel('Email').evaluate(input => [input.getAttribute('aria-invalid'), document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent]), ['true', 'This is needed.'])
  t.equal(await page.getByRole('alert').innerText(), 'Something is not right yet. Look at the marked fields.')

  await page.keyboard.type(ADMINISTRATOR.email)
  await press('Tab')
  await page.keyboard.type('wrong')
  await press('Tab', 'Space')
  t.equal(await page.locator('input[name=password]').getAttribute('type'), 'text')
  await press('Space')
  t.equal(await page.locator('input[name=password]').getAttribute('type'), 'password')
  await press('Shift+Tab', 'Enter')
  await page.getByText('Email or password is not right.').waitFor()
  t.same([await page.locator('input[name=email]').inputValue(), await page.locator('input[name=password]').inputValue()], [ADMINISTRATOR.email, 'wrong'], 'what was typed is kept')

  await press('Control+A')
  await page.keyboard.type(ADMINISTRATOR.password)
  await press('Enter')
  await page.waitForURL('**/account')
  await page.locator('.facts').waitFor()
  await page.locator('h1:focus').waitFor()
  t.equal(await focused(), 'h1 Profile')
  t.equal(await page.title(), 'Profile · Kunci')
})

t.test('password managers are told what is asked for', async t => {
  const { url } = await startPages(t)
  const chromium = await startChromium(t)
  const page = await chromium.open(`${url}/sign-in`)
  const asked = async (path: string) => {
    await page.goto(url + path)
    await page.locator('form').waitFor()
    return await page.locator('form input').evaluateAll(inputs => inputs.map(input => `${input.getAttribute('name') ?? ''} ${input.getAttribute('autocomplete') ?? ''}`))
  }
  t.same(await asked('/sign-in'), ['email username', 'password current-password'])
  t.same(await asked('/register'), ['email username', 'username nickname', 'password new-password', 'confirmPassword new-password'])
  t.same(await asked('/reset-password?token=x'), ['password new-password', 'confirmPassword new-password'])
})

t.test('without JavaScript a page says what it needs', async t => {
  const { url } = await startPages(t)
  const chromium = await startChromium(t, { javaScriptEnabled: false })
  const page = await chromium.open(`${url}/sign-in`)
  t.match(await page.locator('body').innerText(), 'These pages need JavaScript.')
})
