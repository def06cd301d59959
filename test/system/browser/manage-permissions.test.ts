import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { makeAccount } from './accounts.js'
import { type Ask, askAs, permit, rowsOf } from './administrator.js'
import { startChromium } from './chromium.js'
import { ADMINISTRATOR } from '../gateways/running-kunci.js'
import { signInBy, startPages } from './served-pages.js'

/** The built server, and a browser in which somebody is signed in who may do this and no more. */
async function somebodyWho (t: Test, ...permissions: string[]): Promise<{ url: string, page: Page, ask: Ask, announce: (pattern: RegExp) => void }> {
  const { kunci, url } = await startPages(t)
  const siti = await makeAccount(kunci, 'siti')
  const ask = await askAs(kunci, ADMINISTRATOR)
  if (permissions.length > 0) await permit(ask, siti.email, ...permissions)
  const chromium = await startChromium(t, { locale: 'en-GB' })
  const page = await chromium.open(`${url}/sign-in`)
  await signInBy(page, siti)
  return { url, page, ask, announce: chromium.announce }
}

const sectionsOf = async (page: Page) => await page.getByRole('navigation', { name: 'Administration' }).getByRole('link').allInnerTexts()

t.test('who may read users sees the lists, and nothing to do in them', async t => {
  const { url, page } = await somebodyWho(t, 'users.read')
  await page.getByRole('link', { name: 'Manage' }).click()
  await page.waitForURL('**/manage/users')
  t.same(await rowsOf(page), ['siti you\nsiti@example.com', 'admin@example.com'])
  t.same(await sectionsOf(page), ['Users', 'Roles', 'Outlets'])
  const main = page.getByRole('main')
  for (const name of ['Roles', 'Outlets']) {
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { name, level: 1 }).waitFor()
    await rowsOf(page)
    t.same(await main.getByRole('button').count(), 0, name)
  }
  await page.getByRole('link', { name: 'Users' }).click()
  await page.getByRole('link', { name: 'admin@example.com' }).click()
  await page.getByRole('heading', { name: 'admin@example.com', level: 1 }).waitFor()
  t.same(await main.getByRole('button').count(), 0)
  t.equal(await page.getByRole('region', { name: 'Sessions' }).count(), 0)

  await page.goto(`${url}/manage/events`)
  await page.getByText('You may not see this page: it takes the permission audit.read.').waitFor()
})

t.test('who may do nothing here sees no administration', async t => {
  const { url, page } = await somebodyWho(t)
  t.same(await page.getByRole('banner').getByRole('link').allInnerTexts(), ['Kunci', 'Account'])
  const asked: string[] = []
  page.on('request', request => { asked.push(new URL(request.url()).pathname) })
  await page.goto(`${url}/manage/users`)
  await page.getByRole('heading', { name: 'Nothing to administer' }).waitFor()
  await page.waitForLoadState('networkidle')
  t.same(asked.filter(path => path.startsWith('/admin')), [], 'and nothing is asked for them')
})

t.test('who may make accounts alone invites, in the roles that anybody may choose', async t => {
  const { page } = await somebodyWho(t, 'users.create')
  await page.getByRole('link', { name: 'Manage' }).click()
  await page.waitForURL('**/manage/invitations')
  t.same(await sectionsOf(page), ['Invitations'])
  await page.getByRole('button', { name: 'Invite' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('option', { name: 'volunteer' }).waitFor({ state: 'attached' })
  t.notMatch(await dialog.getByLabel('Role').innerText(), 'admin')
  await dialog.getByLabel('Email').fill('rina@example.com')
  await dialog.getByLabel('Role').selectOption('volunteer')
  await dialog.getByRole('button', { name: 'Invite' }).click()
  await page.locator('tbody th', { hasText: 'rina@example.com' }).waitFor()
  await page.getByRole('button', { name: 'Withdraw: rina@example.com' }).click()
  await dialog.getByRole('button', { name: 'Withdraw' }).click()
  await page.getByText('The invitation is withdrawn.').waitFor()
  await page.getByText('No invitation is open.').waitFor()
})

t.test('what would give more than one has is not offered, and an account that may do more can be looked at alone', async t => {
  const { url, page, ask } = await somebodyWho(t, 'users.read', 'users.update', 'users.delete', 'roles.manage')
  await ask('POST', '/users', { email: 'budi@example.com', role_id: (await ask<Array<{ id: string, name: string }>>('GET', '/roles')).find(({ name }) => name === 'user')?.id })
  await page.goto(`${url}/manage/users`)
  await page.getByRole('link', { name: 'admin@example.com' }).click()
  await page.getByText('This account may do more than you: you can look at it only.').waitFor()
  t.equal(await page.getByRole('main').getByRole('button').count(), 0)

  await page.getByRole('link', { name: 'Users', exact: true }).click()
  await page.getByRole('link', { name: 'budi@example.com' }).click()
  await page.getByRole('button', { name: 'Edit roles' }).click()
  const dialog = page.getByRole('dialog')
  t.equal(await dialog.getByLabel('admin', { exact: true }).isDisabled(), true)
  t.equal(await dialog.getByLabel('volunteer', { exact: true }).isDisabled(), false)
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'Roles', exact: true }).click()
  await page.getByRole('button', { name: 'Edit: volunteer' }).waitFor()
  t.equal(await page.getByRole('button', { name: 'Edit: admin' }).count(), 0)
  await page.getByRole('button', { name: 'Add role' }).click()
  await dialog.getByText('See events. You lack it yourself.').waitFor()
  t.equal(await dialog.getByLabel('audit.read').isDisabled(), true)
})

t.test('a permission that was taken away a moment ago is missed in words, and its buttons go', async t => {
  const { url, page, ask, announce } = await somebodyWho(t, 'users.read', 'outlets.manage')
  // The token that named the role as it was is void, and another is asked for.
  announce(/status of 401/)
  announce(/status of 403/)
  await page.goto(`${url}/manage/outlets`)
  await page.getByRole('button', { name: 'Add outlet' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Second Outlet')
  const role = (await ask<Array<{ id: string, name: string }>>('GET', '/roles')).find(({ name }) => name.startsWith('role of'))
  await ask('PATCH', `/roles/${role?.id ?? ''}`, { permissions: ['users.read'] })
  await dialog.getByRole('button', { name: 'Add outlet' }).click()
  await page.getByText('You may not do this.').waitFor()
  t.equal(await dialog.getByLabel('Name').inputValue(), 'Second Outlet', 'what was typed is kept')
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  t.equal(await page.getByRole('button', { name: 'Add outlet' }).count(), 0)
  t.equal(await page.evaluate(() => document.activeElement?.textContent), 'Outlets', 'the focus is at the heading, since what opened the dialog is gone')
})
