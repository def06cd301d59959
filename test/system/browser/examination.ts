import { readFile } from 'node:fs/promises'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { type PageToSee, see } from './every-page.js'

declare global {
  interface Window {
    axe: { run: (options: object) => Promise<AxeResults> }
    /** how far what was there has moved since the page was loaded, without anybody's doing */
    shifts: number
  }
}

const axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8')

/** A sum of what the browser counts as layout shifts (https://wicg.github.io/layout-instability/). */
export function watchShifts (): void {
  window.shifts = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries() as Array<PerformanceEntry & { value: number, hadRecentInput: boolean }>) {
      if (!entry.hadRecentInput) window.shifts += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

/** Opens a page and asserts that nothing of it moves, that it fits into the width, and that axe has nothing to say. */
export async function examine (t: Test, page: Page, url: string, each: PageToSee): Promise<void> {
  await see(page, url, each)
  if (each.prepare === undefined) t.equal(await page.evaluate(() => window.shifts), 0, `${each.name}: nothing moves while it is loaded`)
  t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${each.name}: fits into the width`)
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }))
  t.same(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]), [], `${each.name}: axe has nothing to say`)
}
