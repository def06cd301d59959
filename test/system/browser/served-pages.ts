import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scheduler } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import PostalMime from 'postal-mime'
import type { Test } from 'tap'
import { createFolder } from '../../folder.js'
import { type RunningKunci, startKunci } from '../gateways/running-kunci.js'

export interface ServedPages {
  kunci: RunningKunci
  url: string
  /** @returns the link of the newest mail to an address that opens this page, once it is there */
  mailedLink: (to: string, page: string) => Promise<string>
}

/** The built server, whose mails lead to its own pages. */
export async function startPages (t: Test, env: Record<string, string> = {}): Promise<ServedPages> {
  const dataDir = await createFolder(t)
  const kunci = await startKunci(t, { DATA_DIR: dataDir, PUBLIC_URL: '', RATE_LIMIT: 'off', ...env })

  async function mailedLink (to: string, page: string): Promise<string> {
    for (;;) {
      const folder = join(dataDir, 'mail')
      const files = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.eml'))
      for (const file of files.sort().reverse()) {
        const mail = await PostalMime.parse(await readFile(join(folder, file)))
        const link = /^http\S+$/m.exec(mail.text ?? '')?.[0]
        if (link !== undefined && new URL(link).pathname === `/${page}` && mail.to?.some(address => address.address === to)) return link
      }
      await scheduler.wait(50)
    }
  }

  return { kunci, url: kunci.url, mailedLink }
}

export async function signInBy (page: Page, { email, password }: { email: string, password: string }): Promise<void> {
  // Once it is settled that nobody is signed in yet.
  await page.locator('header nav').waitFor()
  await page.locator('input[name=email]').fill(email)
  await page.locator('input[name=password]').fill(password)
  await page.locator('form button[type=submit]').click()
  await page.waitForURL('**/account')
}
