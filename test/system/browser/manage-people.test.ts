import t from 'tap'
import { en } from '../../../web/administration/languages/en.js'
import { id } from '../../../web/administration/languages/id.js'
import { en as enPages } from '../../../web/languages/en.js'
import { id as idPages } from '../../../web/languages/id.js'
import { administering, askAs } from './administrator.js'
import { startChromium } from './chromium.js'
import { signInBy } from './served-pages.js'

const languages = [
  { locale: 'en-GB', tells: en, says: enPages },
  { locale: 'id-ID', tells: id, says: idPages }
]

for (const { locale, tells, says } of languages) {
  t.test(`somebody is invited, comes, is given a role, is shut out, let in and signed out, and goes for good (${locale})`, async t => {
    const { kunci, url, mailedLink, page, ask } = await administering(t, { locale })
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const dialog = page.getByRole('dialog')
    await ask('POST', '/roles', { name: 'cashier', permissions: ['till.open'] })

    await page.getByRole('link', { name: says.toManage }).click()
    await page.getByRole('link', { name: tells.invitations.title }).click()
    await page.getByText(tells.invitations.nothing).waitFor()
    await button(tells.invitations.invite).click()
    await dialog.getByLabel(says.email).fill('rina@example.com')
    await dialog.getByLabel(says.role).selectOption('user')
    await dialog.getByRole('button', { name: tells.invitations.invite }).click()
    await page.getByText(tells.invitations.invited('rina@example.com')).waitFor()
    await page.locator('tbody th', { hasText: 'rina@example.com' }).waitFor()

    const guest = await startChromium(t, { locale })
    const guestPage = await guest.open(await mailedLink('rina@example.com', 'accept-invitation'))
    await guestPage.getByLabel(says.username).fill('rina')
    await guestPage.getByLabel(says.password, { exact: true }).fill('Password123!')
    await guestPage.getByLabel(says.repeatPassword).fill('Password123!')
    await guestPage.getByRole('button', { name: says.invitation.submit }).click()
    await guestPage.getByRole('heading', { name: says.invitation.done }).waitFor()
    const rina = { email: 'rina@example.com', password: 'Password123!' }
    await guestPage.goto(`${url}/sign-in`)
    await signInBy(guestPage, rina)

    await page.getByRole('link', { name: tells.users.title }).click()
    await page.getByRole('link', { name: 'rina' }).click()
    await page.getByRole('heading', { name: 'rina', level: 1 }).waitFor()
    await page.waitForFunction(() => document.title === 'rina · Kunci')
    await button(tells.user.editRoles).click()
    await dialog.getByLabel('cashier', { exact: true }).check()
    await dialog.getByLabel(`cashier: ${tells.user.primary}`).check()
    await dialog.getByLabel(`user: ${tells.user.inForce}`).uncheck()
    await dialog.getByRole('button', { name: tells.save }).click()
    await page.getByText(tells.user.rolesEdited).waitFor()
    t.same(await page.getByRole('region', { name: tells.roles.title }).locator('li').allInnerTexts(), [`cashier\n${tells.user.primary}`, `user\n${tells.user.off}`])

    await button(tells.user.edit).click()
    await dialog.getByLabel(says.name, { exact: false }).first().fill('Rina Wijaya')
    await dialog.getByRole('button', { name: tells.save }).click()
    await page.getByRole('heading', { name: 'Rina Wijaya', level: 1 }).waitFor()

    const sessions = page.getByRole('region', { name: tells.sessions.title })
    t.equal(await sessions.locator('tbody tr').count(), 1)
    await button(tells.user.disable).click()
    await dialog.getByRole('button', { name: tells.user.disable }).click()
    await page.getByText(tells.user.disabled, { exact: true }).waitFor()
    await sessions.getByText(tells.sessions.nobody).waitFor()
    await t.rejects(askAs(kunci, rina), /Invalid credentials/, 'a disabled account cannot sign in')
    await button(tells.user.enable).click()
    await page.getByText(tells.user.enabled).waitFor()

    await askAs(kunci, rina)
    await askAs(kunci, rina)
    await page.reload()
    await button(tells.sessions.endAll).click()
    await dialog.getByRole('button', { name: tells.sessions.endAll }).click()
    await page.getByText(tells.sessions.endedAll(2)).waitFor()
    await sessions.getByText(tells.sessions.nobody).waitFor()

    await button(tells.user.sendReset).click()
    await page.getByText(tells.user.sent('rina@example.com')).waitFor()
    t.match(await mailedLink('rina@example.com', 'reset-password'), /token=/)

    await page.getByRole('link', { name: tells.user.events }).click()
    await page.getByText(tells.filter.only('Rina Wijaya')).waitFor()
    await page.locator('tbody th', { hasText: says.events['account.invited'] }).waitFor()
    const told = await page.locator('tbody th').allInnerTexts()
    const happened = ['account.reset_sent', 'account.sessions_ended', 'account.enabled', 'account.disabled', 'account.changed', 'account.roles_changed', 'account.registered', 'account.invited'] as const
    t.same(told.map(text => text.split('\n')[0]).filter(text => happened.some(type => says.events[type] === text)), happened.map(type => says.events[type]))
    const roles = page.locator('tbody tr', { hasText: says.events['account.roles_changed'] })
    await roles.getByText(tells.events.details).click()
    t.match(await roles.locator('dl').innerText(), `user (${tells.user.off}), cashier (${tells.user.primary})`)

    await page.goBack()
    await button(tells.user.remove).click()
    await dialog.getByLabel(tells.user.confirm('rina@example.com')).fill('rina')
    await dialog.getByRole('button', { name: tells.user.remove }).click()
    await dialog.getByText(tells.user.confirmWrong).waitFor()
    await dialog.getByLabel(tells.user.confirm('rina@example.com')).fill('rina@example.com')
    await dialog.getByRole('button', { name: tells.user.remove }).click()
    await page.getByText(tells.user.removed('Rina Wijaya')).waitFor()
    await page.waitForURL('**/manage/users')
    await page.locator('tbody tr:not(.place)').first().waitFor()
    t.equal(await page.locator('tbody tr').count(), 1)
    t.same((await ask<Array<{ email: string }>>('GET', '/users')).map(({ email }) => email), ['admin@example.com'])
  })
}

t.test('an account is made, whose owner chooses the password by a mail', async t => {
  const { url, mailedLink, page, chromium } = await administering(t)
  chromium.announce(/status of 409/)
  chromium.announce(/status of 400/)
  const dialog = page.getByRole('dialog')
  await page.goto(`${url}/manage/users`)
  await page.getByRole('button', { name: 'Add user' }).click()
  await dialog.getByLabel('Email').fill('admin@example.com')
  await dialog.getByRole('button', { name: 'Add user' }).click()
  await dialog.getByText('This is needed.').waitFor()
  await dialog.getByLabel('Role').selectOption('volunteer')
  await dialog.getByRole('button', { name: 'Add user' }).click()
  await dialog.locator('.field .wrong').getByText('There is an account with this address already.').waitFor()
  await dialog.getByLabel('Email').fill('budi at example.com')
  await dialog.getByRole('button', { name: 'Add user' }).click()
  await dialog.getByText('This is no email address.').waitFor()
  t.equal(await dialog.getByLabel('Email').evaluate(field => document.activeElement === field), true, 'the focus is in the field in error')
  await dialog.getByLabel('Email').fill('budi@example.com')
  await dialog.getByLabel('Outlet').selectOption({ index: 1 })
  await dialog.getByRole('button', { name: 'Add user' }).click()
  await page.getByRole('heading', { name: 'budi@example.com', level: 1 }).waitFor()
  await page.getByText('The account is made. A mail to budi@example.com chooses its password.').waitFor()
  t.match(await mailedLink('budi@example.com', 'reset-password'), /token=/)
})
