import { says } from './language.js'

/** The first that matches counts: most browsers claim to be several. */
const browsers: ReadonlyArray<readonly [name: string, sign: RegExp]> = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
  ['curl', /^curl\//]
]

const systems: ReadonlyArray<readonly [name: string, sign: RegExp]> = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad|iPod)\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/]
]

/** @returns what a User-Agent header claims, in a few words */
export function describeUserAgent (userAgent: string | null): string {
  const text = userAgent ?? ''
  const nameIn = (names: typeof browsers) => names.find(([, sign]) => sign.test(text))?.[0]
  const [browser, system] = [nameIn(browsers), nameIn(systems)]
  if (browser !== undefined && system !== undefined) return says.sessions.on(browser, system)
  return browser ?? system ?? says.sessions.unknown
}
