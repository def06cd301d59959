import type { Page } from 'playwright-core'
import type { Ask } from './administrator.js'
import type { PageToSee } from './every-page.js'

const openDialog = async (page: Page, button: string) => {
  await page.locator(button).first().click()
  await page.locator('dialog').waitFor()
  await page.waitForLoadState('networkidle')
}
const openUser = async (page: Page) => {
  await page.locator('tbody a').first().click()
  await page.locator('.facts').waitFor()
  await page.waitForLoadState('networkidle')
}

/** What an administrator sees of an installation that `populate` filled. */
export const administrationPages: readonly PageToSee[] = [
  { name: 'manage-users', path: '/manage/users' },
  { name: 'manage-user', path: '/manage/users?search=siti', prepare: openUser },
  { name: 'manage-roles', path: '/manage/roles' },
  { name: 'manage-outlets', path: '/manage/outlets' },
  { name: 'manage-invitations', path: '/manage/invitations' },
  { name: 'manage-sessions', path: '/manage/sessions' },
  { name: 'manage-events', path: '/manage/events' }
]

/** What opens over and within these. */
export const administrationDialogs: readonly PageToSee[] = [
  { name: 'manage-users-add', path: '/manage/users', prepare: async page => { await openDialog(page, '.page-head .button') } },
  {
    name: 'manage-user-roles',
    path: '/manage/users?search=siti',
    async prepare (page) {
      await openUser(page)
      await openDialog(page, 'section:has(.rows) .page-head button')
    }
  },
  {
    name: 'manage-user-delete',
    path: '/manage/users?search=siti',
    async prepare (page) {
      await openUser(page)
      await openDialog(page, '.button.danger')
      await page.locator('dialog button[type=submit]').click()
      await page.locator('dialog .wrong').waitFor()
    }
  },
  { name: 'manage-roles-add', path: '/manage/roles', prepare: async page => { await openDialog(page, '.page-head .button') } },
  { name: 'manage-outlets-edit', path: '/manage/outlets', prepare: async page => { await openDialog(page, 'tbody button') } },
  {
    name: 'manage-events-details',
    path: '/manage/events?type=account.roles_changed',
    async prepare (page) { for (const summary of await page.locator('tbody summary').all()) await summary.click() }
  }
]

/** Fills an installation with a few people, roles, outlets and invitations. */
export async function populate (ask: Ask): Promise<void> {
  const cashier = await ask<{ id: string }>('POST', '/roles', { name: 'cashier', permissions: ['till.open', 'users.read'] })
  const auditor = await ask<{ id: string }>('POST', '/roles', { name: 'auditor', permissions: ['audit.read'] })
  const outlet = await ask<{ id: string }>('POST', '/outlets', { name: 'Second Outlet', registration: 'invitation' })
  await ask('POST', '/outlets', { name: 'Warehouse', registration: 'closed' })
  for (const name of ['Agus Setiawan', 'Dewi Lestari', 'Rina Wijaya', 'Budi Santoso', 'Siti Rahayu']) {
    const username = name.toLowerCase().replace(' ', '.')
    const { id } = await ask<{ id: string }>('POST', '/users', { email: `${username}@example.com`, username, name, role_id: cashier.id, outlet_id: outlet.id })
    if (name.startsWith('Siti')) await ask('PUT', `/users/${id}/roles`, { roles: [{ role_id: cashier.id, primary: true }, { role_id: auditor.id, status: false }] })
    if (name.startsWith('Dewi')) await ask('POST', `/users/${id}/disable`)
  }
  for (const name of ['putri', 'joko']) await ask('POST', '/invitations', { email: `${name}@example.com`, role_id: cashier.id, outlet_id: outlet.id })
}
