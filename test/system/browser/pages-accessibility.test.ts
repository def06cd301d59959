import t from 'tap'
import { ADMINISTRATOR } from '../gateways/running-kunci.js'
import { startChromium } from './chromium.js'
import { accountPages, publicPages } from './every-page.js'
import { examine, watchShifts } from './examination.js'
import { signInBy, startPages } from './served-pages.js'

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    t.test(`every page is accessible and stays where it is, ${colorScheme}, ${width} pixels wide`, async t => {
      const { url } = await startPages(t)
      const chromium = await startChromium(t, { colorScheme, viewport: { width, height: 740 }, locale: width === 360 ? 'id-ID' : 'en-GB' })
      chromium.announce(/status of 40[014]/)
      await chromium.context.addInitScript(watchShifts)
      const page = await chromium.open('about:blank')
      for (const each of publicPages) await examine(t, page, url, each)
      await page.goto(`${url}/sign-in`)
      await signInBy(page, ADMINISTRATOR)
      for (const each of accountPages) await examine(t, page, url, each)
    })
  }
}
