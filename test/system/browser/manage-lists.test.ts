import t from 'tap'
import { makeAccount } from './accounts.js'
import { administering, askAs, rowsOf } from './administrator.js'

t.test('a hundred and twenty users are read part by part and stay when one is gone; a search keeps pace with what is typed', async t => {
  const { url, page, ask } = await administering(t)
  const role = (await ask<Array<{ id: string, name: string }>>('GET', '/roles')).find(({ name }) => name === 'user')
  const ids = new Map<string, string>()
  for (let count = 1; count <= 120; count++) {
    const email = `user${String(count).padStart(3, '0')}@example.com`
    ids.set(email, (await ask<{ id: string }>('POST', '/users', { email, name: count === 7 ? 'Siti Rahayu' : undefined, role_id: role?.id })).id)
  }
  const newestFirst = [...ids.keys()].reverse()
  const asked: string[] = []
  page.on('request', request => { if (new URL(request.url()).pathname === '/admin/users') asked.push(new URL(request.url()).search) })
  const failed: string[] = []
  page.on('requestfailed', request => { failed.push(request.failure()?.errorText ?? '') })

  await page.goto(`${url}/manage/users`)
  t.same(await rowsOf(page), newestFirst.slice(0, 50))
  const further = page.getByRole('button', { name: 'Show further ones' })
  await further.click()
  await page.getByText('100 shown', { exact: true }).waitFor()
  t.same((await rowsOf(page)).slice(0, 100), newestFirst.slice(0, 100))
  await further.focus()
  await page.keyboard.press('Enter')
  await page.getByText('121 shown', { exact: true }).waitFor()
  t.equal(await further.count(), 0)
  t.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), 'user020@example.com', 'the focus goes on at the first of the further ones')

  asked.length = 0
  const search = page.getByRole('searchbox')
  await search.pressSequentially('rahayu', { delay: 20 })
  await page.getByText('1 shown', { exact: true }).waitFor()
  t.match(await rowsOf(page), [/^Siti Rahayu\n/])
  t.same(asked, ['?search=rahayu'], 'one request for what was typed in one go')
  t.match(page.url(), /\?search=rahayu$/)

  let release: () => void = () => {}
  await page.route(/search=user00(&|$)/, async route => {
    await new Promise<void>(resolve => { release = resolve })
    await route.continue().catch(() => {})
  })
  failed.length = 0
  await search.fill('user00')
  await page.waitForRequest(/search=user00$/)
  await search.fill('user012')
  await page.getByRole('rowheader', { name: 'user012' }).waitFor()
  release()
  t.same(failed, ['net::ERR_ABORTED'], 'the search before is given up')
  t.same(await rowsOf(page), ['user012@example.com'])
  await search.fill('nobody')
  await page.getByText('Nobody was found.').waitFor()

  await page.goto(`${url}/manage/users?search=user01`)
  t.same((await rowsOf(page)).length, 10)
  await page.getByRole('link', { name: 'user019@example.com' }).click()
  await page.getByRole('heading', { name: 'user019@example.com', level: 1 }).waitFor()
  await page.goBack()
  t.same((await rowsOf(page)).length, 10, 'going back finds the search again')
})

t.test('sessions are listed, of all or of one, and ended', async t => {
  const { kunci, url, page } = await administering(t)
  const siti = await makeAccount(kunci, 'siti')
  await makeAccount(kunci, 'sita')
  await askAs(kunci, siti, { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1' })
  await askAs(kunci, siti, { 'user-agent': 'curl/8.5.0' })
  const dialog = page.getByRole('dialog')
  await page.goto(`${url}/manage/sessions`)
  t.same(await rowsOf(page), ['siti', 'siti', 'admin@example.com\nyou', 'admin@example.com\nyou'])
  await page.getByLabel('Account').fill('nobody at all')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await page.getByText('No account was found.').waitFor()
  await page.getByLabel('Account').fill('sit')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await page.getByText('Several accounts fit:').waitFor()
  await page.getByRole('button', { name: 'siti · siti@example.com' }).click()
  await page.getByText('Only of siti').waitFor()
  await page.getByText('2 shown', { exact: true }).waitFor()
  const phone = page.locator('tbody tr', { hasText: 'Safari on iOS' })
  t.match(await phone.innerText(), 'Phone')
  const time = phone.locator('time').first()
  const machine = await time.getAttribute('datetime') ?? ''
  t.equal(new Date(machine).toISOString(), machine)
  t.equal(await time.innerText(), await page.evaluate(machine => new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(machine)), machine))

  await page.getByRole('button', { name: 'End: Safari on iOS' }).click()
  await dialog.getByRole('button', { name: 'End' }).click()
  await page.getByText('The session is ended.').waitFor()
  await phone.waitFor({ state: 'detached' })
  t.same(await rowsOf(page), ['siti'])
  await page.getByRole('button', { name: 'Show all accounts' }).click()
  await page.getByText('3 shown', { exact: true }).waitFor()
})

t.test('events are found by account, type and time', async t => {
  const { kunci, url, page, chromium } = await administering(t)
  const siti = await makeAccount(kunci, 'siti')
  await t.rejects(askAs(kunci, { ...siti, password: 'wrong' }))
  await askAs(kunci, siti)
  await page.goto(`${url}/manage/events`)
  await rowsOf(page)
  await page.getByLabel('What happened').selectOption('Sign-in refused')
  const show = page.getByRole('button', { name: 'Show', exact: true }).last()
  await show.click()
  await page.getByText('1 shown', { exact: true }).waitFor()
  const refused = page.locator('tbody tr')
  await refused.getByText('Details').click()
  t.match(await refused.locator('dl').innerText(), /Reason\nwrong password/)
  t.equal(await refused.locator('td').first().innerText(), 'siti')
  t.match(new URL(page.url()).search, '?type=login.failed')

  await page.getByRole('button', { name: 'Show all', exact: true }).click()
  await page.getByText(/^(?:[2-9]|\d\d) shown$/).waitFor()
  await page.getByLabel('From').fill('2030-01-02T03:04')
  await page.getByLabel('Before').fill('2030-01-02T03:04')
  await show.click()
  await page.getByText('The end must be after the beginning.').first().waitFor()
  await page.getByLabel('Before').fill('2031-01-02T03:04')
  await show.click()
  await page.getByText('Nothing that fits has happened.').waitFor()
  t.equal(await page.getByLabel('From').inputValue(), '2030-01-02T03:04')

  chromium.announce(/status of 503/)
  await page.route('**/admin/events?*', async route => { await route.fulfill({ status: 503, headers: { 'retry-after': '7' }, json: { status: 503, message: 'Service unavailable' } }) })
  await page.getByRole('button', { name: 'Show all', exact: true }).click()
  await page.getByText('The server is busy. Try again in 7 seconds.').waitFor()
  await page.unroute('**/admin/events?*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText(/\d+ shown/).waitFor()
})
