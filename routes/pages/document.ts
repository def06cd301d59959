/** What the pages have to know of the server. */
export interface PagesSettings {
  /** the path at which clients reach the server, without a slash at its end; empty at the root of its host */
  base: string
  /** the contracts that are served, and where, below `base` */
  contracts: ReadonlyArray<{ name: string, prefix: string }>
}

/**
 * Gives the built document what it has to know: no script of it is written here, since the policy allows none in a document.
 *
 * @param html with `content=""` in the meta element named kunci, and addresses of assets that begin with `./`
 */
export function renderDocument (html: string, { base, contracts }: PagesSettings): string {
  const settings = { base, contracts: Object.fromEntries(contracts.map(({ name, prefix }) => [name, base + prefix])) }
  return html
    .replace('<meta name="kunci" content="">', () => `<meta name="kunci" content="${escapeAttribute(JSON.stringify(settings))}">`)
    .replaceAll('"./assets/', () => `"${escapeAttribute(base)}/assets/`)
}

function escapeAttribute (text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
