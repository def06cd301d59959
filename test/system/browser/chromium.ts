import { access } from 'node:fs/promises'
import { type BrowserContext, type BrowserContextOptions, chromium, type LaunchOptions, type Page } from 'playwright-core'
import type { Test } from 'tap'

/** One person's browser: its cookies and storage are its own, its tabs share them. */
export interface Chromium {
  context: BrowserContext
  /** Opens a tab. */
  open: (url: string) => Promise<Page>
  /**
   * From here on, console messages and page errors that match are no fault. One that never comes by the test's end is.
   *
   * @param pattern of the text; Chromium reports each answer from 400 on as `Failed to load resource: … status of 401 …`
   */
  announce: (pattern: RegExp) => void
  /** The same for one that depends on which of two tabs is quicker, and may never come. */
  tolerate: (pattern: RegExp) => void
}

/** Debian's own, unless another is named. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/**
 * Starts Chromium with a context of its own; both go with the test. A console error or warning, or an error that a page does
 * not catch, fails the test unless it was announced.
 *
 * @param options of the context, such as `locale` or `viewport`
 * @param launch of the browser, such as further `args`; `profile`: the folder of a profile with preferences of its own
 * @throws Error where Chromium is not installed
 */
export async function startChromium (t: Test, options: BrowserContextOptions = {}, { profile, ...launch }: LaunchOptions & { profile?: string } = {}): Promise<Chromium> {
  await access(EXECUTABLE).catch(() => { throw new Error(`${EXECUTABLE} is missing: install the package chromium, or name another by CHROMIUM`) })
  // Chromium's sandbox does not work for root.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const start = { executablePath: EXECUTABLE, ...launch, args: [...asRoot, ...launch.args ?? []] }
  const context = profile === undefined ? await (await chromium.launch(start)).newContext(options) : await chromium.launchPersistentContext(profile, { ...start, ...options })
  const announced = new Map<RegExp, number>()
  const tolerated: RegExp[] = []
  let isOver = false
  t.teardown(async () => {
    isOver = true
    await (context.browser() ?? context).close()
    const missing = [...announced].filter(([, times]) => times === 0).map(([pattern]) => String(pattern))
    // The test itself is over, and other teardowns are still to come.
    if (missing.length > 0) t.parent?.fail(`announced, and never came: ${missing.join(', ')}`)
  })

  function judge (kind: string, text: string, where: string): void {
    if (isOver) return
    const expected = [...announced].filter(([pattern]) => pattern.test(text))
    for (const [pattern, times] of expected) announced.set(pattern, times + 1)
    if (expected.length === 0 && !tolerated.some(pattern => pattern.test(text))) t.fail(`the browser's ${kind}: ${text}`, { where })
  }
  context.on('console', message => {
    const { url, lineNumber } = message.location()
    if (message.type() === 'error' || message.type() === 'warning') judge(message.type(), message.text(), `${url}:${lineNumber}`)
  })
  context.on('weberror', error => { judge('uncaught error', String(error.error()), error.page()?.url() ?? '') })

  return {
    context,
    async open (url) {
      const page = await context.newPage()
      await page.goto(url)
      return page
    },
    announce (pattern) { announced.set(pattern, 0) },
    tolerate (pattern) { tolerated.push(pattern) }
  }
}
