import type { Page } from 'playwright-core'

/** A page in a state that is worth looking at. */
export interface PageToSee {
  name: string
  path: string
  /** leads from the open page to its state */
  prepare?: (page: Page) => Promise<void>
}

const submit = (page: Page) => page.locator('form button[type=submit]').first().click()
const token = 'AVJ4bXkAAZ6h2X8w'

/** What everybody sees. */
export const publicPages: readonly PageToSee[] = [
  { name: 'sign-in', path: '/sign-in' },
  {
    name: 'sign-in-refused',
    path: '/sign-in',
    async prepare (page) {
      await page.locator('input[name=email]').fill('siti@example.com')
      await page.locator('input[name=password]').fill('not the password')
      await submit(page)
      await page.locator('[role=alert] .message').waitFor()
    }
  },
  {
    name: 'register',
    path: '/register',
    async prepare (page) { await page.locator('select[name=role_id] option').nth(1).waitFor({ state: 'attached' }) }
  },
  {
    name: 'register-refused',
    path: '/register',
    async prepare (page) {
      await page.locator('select[name=role_id] option').nth(1).waitFor({ state: 'attached' })
      await page.locator('input[name=email]').fill('siti at example.com')
      await page.locator('input[name=username]').fill('siti')
      await page.locator('input[name=password]').fill('short')
      await page.locator('input[name=confirmPassword]').fill('shorter')
      await submit(page)
      await page.locator('[role=alert] .message').waitFor()
    }
  },
  { name: 'check-mail', path: '/check-mail' },
  { name: 'forgot-password', path: '/forgot-password' },
  { name: 'verify-email', path: `/verify-email?token=${token}` },
  {
    name: 'verify-email-refused',
    path: `/verify-email?token=${token}`,
    async prepare (page) {
      await submit(page)
      await page.locator('[role=alert] .message').waitFor()
    }
  },
  { name: 'reset-password', path: `/reset-password?token=${token}` },
  { name: 'accept-invitation', path: `/accept-invitation?token=${token}` },
  { name: 'restore-email', path: `/restore-email?token=${token}` },
  { name: 'recover-account', path: `/recover-account?token=${token}` },
  { name: 'link-missing', path: '/verify-email' },
  { name: 'not-found', path: '/nowhere' }
]

/** What somebody sees who is signed in. */
export const accountPages: readonly PageToSee[] = [
  { name: 'account', path: '/account' },
  { name: 'account-password', path: '/account/password' },
  { name: 'account-sessions', path: '/account/sessions' },
  { name: 'account-history', path: '/account/history' },
  { name: 'account-data', path: '/account/data' }
]

/** Opens a page and waits until everything that it shows is there. */
export async function see (page: Page, url: string, { path, prepare }: PageToSee): Promise<void> {
  await page.goto(url + path)
  await page.locator('h1').waitFor()
  await page.waitForLoadState('networkidle')
  await page.locator('.waiting').waitFor({ state: 'detached' })
  await prepare?.(page)
}
