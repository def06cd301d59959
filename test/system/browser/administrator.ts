import type { BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'
import { ADMINISTRATOR, type RunningKunci } from '../gateways/running-kunci.js'
import { type Chromium, startChromium } from './chromium.js'
import { type ServedPages, signInBy, startPages } from './served-pages.js'

export interface Administering extends ServedPages {
  chromium: Chromium
  /** a tab in which the administrator is signed in */
  page: Page
  ask: Ask
}

/** Asks an endpoint of administration as the administrator. @returns the answer's data */
export type Ask = <Data>(method: string, path: string, json?: object) => Promise<Data>

/** The built server, and a browser in which its administrator is signed in. */
export async function administering (t: Test, options: BrowserContextOptions = {}): Promise<Administering> {
  const served = await startPages(t)
  const chromium = await startChromium(t, { locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options })
  const page = await chromium.open(`${served.url}/sign-in`)
  await signInBy(page, ADMINISTRATOR)
  return { ...served, chromium, page, ask: await askAs(served.kunci, ADMINISTRATOR) }
}

/** @param headers of the sign-in, such as a User-Agent */
export async function askAs ({ url }: RunningKunci, account: { email: string, password: string }, headers: Record<string, string> = {}): Promise<Ask> {
  const send = async (method: string, path: string, json: object | undefined, headers: Record<string, string>) => {
    const answer = await fetch(url + path, { method, ...json === undefined ? { headers } : { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) } })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return await answer.json() as { data: never }
  }
  const { data } = await send('POST', '/auth/login', account, headers) as { data: { access_token: string } }
  return async (method, path, json) => (await send(method, `/admin${path}`, json, { authorization: `Bearer ${data.access_token}` })).data
}

/** Gives an account, found by its email, a role of its own that permits this and no more. */
export async function permit (ask: Ask, email: string, ...permissions: string[]): Promise<void> {
  const [user] = await ask<Array<{ id: string }>>('GET', `/users?search=${encodeURIComponent(email)}`)
  const role = await ask<{ id: string }>('POST', '/roles', { name: `role of ${email}`, permissions })
  await ask('PUT', `/users/${user?.id ?? ''}/roles`, { roles: [{ role_id: role.id, primary: true }] })
}

/** @returns the texts of a list's first column, once it is there */
export async function rowsOf (page: Page): Promise<string[]> {
  await page.locator('table[aria-busy=false] tbody tr:not(.place), .nothing').first().waitFor()
  return await page.locator('table tbody th').allInnerTexts()
}
