import t from 'tap'
import { administrationDialogs, administrationPages, populate } from './administration-pages.js'
import { administering, rowsOf } from './administrator.js'
import { examine, watchShifts } from './examination.js'

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    t.test(`every page of administration is accessible and stays where it is, ${colorScheme}, ${width} pixels wide`, async t => {
      const { url, page, ask } = await administering(t, { colorScheme, viewport: { width, height: 740 }, locale: width === 360 ? 'id-ID' : 'en-GB' })
      await populate(ask)
      await page.addInitScript(watchShifts)
      for (const each of [...administrationPages, ...administrationDialogs]) await examine(t, page, url, each)
    })
  }
}

t.test('a dialog is opened, kept to and left by keys alone, and the focus returns', async t => {
  const { url, page } = await administering(t)
  await page.goto(`${url}/manage/outlets`)
  await rowsOf(page)
  const add = page.getByRole('button', { name: 'Add outlet' })
  const focused = async () => await page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent)
  await add.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add outlet' })
  await dialog.waitFor()
  t.equal(await focused(), 'name')
  for (const next of ['registration', 'Add outlet']) {
    await page.keyboard.press('Tab')
    t.equal(await focused(), next)
  }
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  t.equal(await add.evaluate(button => document.activeElement === button), true)

  await page.keyboard.press('Enter')
  await dialog.waitFor()
  await page.keyboard.type('Second Outlet')
  await page.keyboard.press('Enter')
  await page.getByText('The outlet Second Outlet is made.').waitFor()
  t.equal(await page.getByRole('status').filter({ hasText: 'The outlet Second Outlet is made.' }).count(), 1, 'a screen reader hears it')
  t.equal(await add.evaluate(button => document.activeElement === button), true)
  await page.getByRole('link', { name: 'Roles' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  t.equal(await focused(), 'Roles', 'the focus is at the heading of the page that was gone to')
})
