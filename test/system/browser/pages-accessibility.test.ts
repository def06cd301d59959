import { readFile } from 'node:fs/promises'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { ADMINISTRATOR } from '../gateways/running-kunci.js'
import { startChromium } from './chromium.js'
import { accountPages, type PageToSee, publicPages, see } from './every-page.js'
import { signInBy, startPages } from './served-pages.js'

declare global {
  interface Window {
    axe: { run: (options: object) => Promise<AxeResults> }
    /** how far what was there has moved since the page was loaded, without anybody's doing */
    shifts: number
  }
}

const axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8')

/** A sum of what the browser counts as layout shifts (https://wicg.github.io/layout-instability/). */
function watchShifts (): void {
  window.shifts = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries() as Array<PerformanceEntry & { value: number, hadRecentInput: boolean }>) {
      if (!entry.hadRecentInput) window.shifts += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

async function examine (t: Test, page: Page, url: string, each: PageToSee): Promise<void> {
  await see(page, url, each)
  if (each.prepare === undefined) t.equal(await page.evaluate(() => window.shifts), 0, `${each.name}: nothing moves while it is loaded`)
  t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${each.name}: fits into the width`)
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }))
  t.same(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]), [], `${each.name}: axe has nothing to say`)
}

const administratorPages: readonly PageToSee[] = [...accountPages, { name: 'manage', path: '/manage' }]

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
      for (const each of administratorPages) await examine(t, page, url, each)
    })
  }
}
