import t, { type Test } from 'tap'
import { startChromium } from './chromium.js'
import { startPages } from './served-pages.js'

const inEnglish = {
  locale: 'en-GB',
  register: 'Create an account',
  email: 'Email',
  username: 'Username',
  password: 'Password',
  repeat: 'Repeat password',
  outlet: 'Outlet',
  role: 'Role',
  create: 'Create account',
  checkMail: 'Check your mail',
  verify: 'Verify address',
  verified: 'Your address is verified',
  signIn: 'Sign in',
  profile: 'Profile',
  signOut: 'Sign out'
}

const inIndonesian: typeof inEnglish = {
  locale: 'id-ID',
  register: 'Buat akun',
  email: 'Email',
  username: 'Nama pengguna',
  password: 'Kata sandi',
  repeat: 'Ulangi kata sandi',
  outlet: 'Outlet',
  role: 'Peran',
  create: 'Buat akun',
  checkMail: 'Periksa email Anda',
  verify: 'Verifikasi alamat',
  verified: 'Alamat Anda terverifikasi',
  signIn: 'Masuk',
  profile: 'Profil',
  signOut: 'Keluar'
}

async function register (t: Test, says: typeof inEnglish): Promise<void> {
  const { url, mailedLink } = await startPages(t)
  const chromium = await startChromium(t, { locale: says.locale })
  const page = await chromium.open(url)
  await page.waitForURL('**/sign-in')
  t.equal(await page.locator('html').getAttribute('lang'), says.locale.slice(0, 2))

  await page.getByRole('navigation').getByRole('link').nth(1).click()
  await page.getByRole('heading', { name: says.register, level: 1 }).waitFor()
  t.equal(await page.title(), `${says.register} · Kunci`)
  await page.getByLabel(says.email).fill('siti@example.com')
  await page.getByLabel(says.username).fill('siti')
  await page.getByLabel(says.password, { exact: true }).fill('Password123!')
  await page.getByLabel(says.repeat).fill('Password123!')
  await page.getByLabel(says.outlet).selectOption({ label: 'Main Outlet' })
  await page.getByLabel(says.role).selectOption({ label: 'volunteer' })
  await page.getByRole('button', { name: says.create }).click()
  await page.getByRole('heading', { name: says.checkMail }).waitFor()
  t.match(await page.locator('main').innerText(), 'siti@example.com')

  await page.goto(await mailedLink('siti@example.com', 'verify-email'))
  await page.getByRole('button', { name: says.verify }).click()
  await page.getByRole('heading', { name: says.verified }).waitFor()
  await page.getByRole('main').getByRole('link', { name: says.signIn }).click()
  await page.getByLabel(says.email).fill('siti@example.com')
  await page.getByLabel(says.password, { exact: true }).fill('Password123!')
  await page.getByRole('main').getByRole('button', { name: says.signIn }).click()
  await page.getByRole('heading', { name: says.profile, level: 1 }).waitFor()
  const facts = page.locator('.facts')
  await facts.waitFor()
  for (const fact of ['siti@example.com', 'siti', 'Main Outlet', 'volunteer']) t.match(await facts.innerText(), fact)

  await page.reload()
  await facts.waitFor()
  const second = await chromium.open(url)
  await second.waitForURL('**/account')
  await second.locator('.facts').waitFor()

  // The second tab hears of it and tells the server as well, until the server has answered the first: the later of the two may be refused.
  chromium.tolerate(/status of 401/)
  await page.getByRole('button', { name: says.signOut }).click()
  await page.getByRole('heading', { name: says.signIn }).waitFor()
  await second.getByRole('heading', { name: says.signIn }).waitFor()
  // Until the server has answered, a page that is opened meanwhile would tell it again.
  await page.waitForFunction(() => localStorage.length === 0)
  await page.goto(`${url}/account`)
  await page.waitForURL('**/sign-in')
}

t.test('from registration over the mail to the account and out again, in English', async t => { await register(t, inEnglish) })

t.test('from registration over the mail to the account and out again, in Indonesian', async t => { await register(t, inIndonesian) })
