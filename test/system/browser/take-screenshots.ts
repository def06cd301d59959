import { mkdir, readdir, writeFile } from 'node:fs/promises'
import type { CDPSession, Page } from 'playwright-core'
import t from 'tap'
import { ADMINISTRATOR } from '../gateways/running-kunci.js'
import { makeAccount } from './accounts.js'
import { administrationPages, populate } from './administration-pages.js'
import { askAs } from './administrator.js'
import { startChromium } from './chromium.js'
import { accountPages, publicPages, see } from './every-page.js'
import { signInBy, startPages } from './served-pages.js'

/** Where the pictures go, some of which the README shows. */
const FOLDER = 'docs/images'

const sizes = { narrow: { width: 360, height: 740 }, wide: { width: 1280, height: 800 } }

/** `npm run screenshots`: every page at both widths, light and dark. */
t.test('every page is photographed', { timeout: 600_000 }, async t => {
  const { kunci, url } = await startPages(t)
  const account = await makeAccount(kunci, 'tina')
  await populate(await askAs(kunci, ADMINISTRATOR))
  await mkdir(FOLDER, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(sizes)) {
      const chromium = await startChromium(t, { colorScheme, viewport, locale: 'en-GB' })
      chromium.announce(/status of 40[014]/)
      const page = await chromium.open('about:blank')
      const camera = await page.context().newCDPSession(page)
      const photograph = async (name: string) => { await writeFile(`${FOLDER}/${name}-${size}-${colorScheme}.webp`, await picture(page, camera)) }

      for (const each of publicPages) {
        await see(page, url, each)
        await photograph(each.name)
      }
      await see(page, url, { name: 'sign-in', path: '/sign-in' })
      await signInBy(page, account)
      for (const each of accountPages) {
        await see(page, url, each)
        await photograph(each.name)
      }
      await page.locator('.top button').click()
      await page.waitForURL('**/sign-in')
      await signInBy(page, ADMINISTRATOR)
      for (const each of administrationPages) {
        await see(page, url, each)
        await photograph(each.name)
      }
    }
  }
  t.equal((await readdir(FOLDER)).length, 4 * (publicPages.length + accountPages.length + administrationPages.length))
})

/** Further down a long list there is but more of the same. */
const HIGHEST = 1200

/** The whole page, in the format that takes least. */
async function picture (page: Page, camera: CDPSession): Promise<Buffer> {
  const height = Math.min(Math.max(await page.evaluate(() => document.documentElement.scrollHeight), page.viewportSize()?.height ?? 0), HIGHEST)
  const clip = { x: 0, y: 0, width: page.viewportSize()?.width ?? 0, height, scale: 1 }
  const { data } = await camera.send('Page.captureScreenshot', { format: 'webp', quality: 45, captureBeyondViewport: true, clip })
  return Buffer.from(data, 'base64')
}
