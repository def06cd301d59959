import t from 'tap'
import { makeAccount } from './accounts.js'
import { administering, askAs, rowsOf } from './administrator.js'

const HOSTILE = '<img src=x onerror=alert(1)>'
const LONG = 'W'.repeat(100)

t.test('what people entered is text wherever it is shown, and fits however long it is', async t => {
  const { kunci, url, page, ask } = await administering(t, { viewport: { width: 360, height: 740 } })
  const siti = await makeAccount(kunci, 'siti')
  const [account] = await ask<Array<{ id: string }>>('GET', '/users?search=siti')
  const role = await ask<{ id: string }>('POST', '/roles', { name: HOSTILE, permissions: [] })
  const long = await ask<{ id: string }>('POST', '/roles', { name: LONG, permissions: [`${'p'.repeat(63)}`] })
  const outlet = await ask<{ id: string }>('POST', '/outlets', { name: `"'${HOSTILE}` })
  await ask('POST', '/outlets', { name: LONG })
  await ask('PATCH', `/users/${account?.id ?? ''}`, { name: HOSTILE, outlet_id: outlet.id })
  await ask('PUT', `/users/${account?.id ?? ''}/roles`, { roles: [{ role_id: role.id, primary: true }, { role_id: long.id }] })
  await ask('POST', '/users', { email: `${'w'.repeat(60)}@example.com`, name: LONG, role_id: long.id })
  await ask('POST', '/invitations', { email: 'rina@example.com', role_id: role.id, outlet_id: outlet.id })
  await askAs(kunci, siti, { 'user-agent': `${HOSTILE}<svg/onload=alert(2)>${'U'.repeat(200)}` })

  const dialogs: string[] = []
  page.on('dialog', dialog => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  const paths = ['users', `users/${account?.id ?? ''}`, 'roles', 'outlets', 'invitations', 'sessions', 'events']
  for (const path of paths) {
    await page.goto(`${url}/manage/${path}`)
    await rowsOf(page)
    for (const details of await page.locator('summary').all()) await details.click()
    t.match(await page.getByRole('main').innerText(), HOSTILE, `${path} shows it`)
    t.equal(await page.locator('img').count(), 0, path)
    t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${path} fits into the width`)
  }
  await page.goto(`${url}/manage/roles`)
  await page.getByRole('button', { name: `Delete: ${HOSTILE}` }).click()
  t.match(await page.getByRole('dialog').innerText(), HOSTILE)
  t.ok(await page.getByRole('dialog').evaluate(dialog => dialog.scrollWidth <= dialog.clientWidth))
  t.same(dialogs, [])
  t.equal(await page.locator('img').count(), 0)
})
