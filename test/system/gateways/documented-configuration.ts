import { readFile } from 'node:fs/promises'

/**
 * @param language what stands after the three backticks
 * @param replacements host names and ports of the page, longest first, and what stands for them here
 * @returns the one block of this language in a gateway's page
 */
export async function documentedConfiguration (page: string, language: string, replacements: Array<[string, string]>): Promise<string> {
  const text = await readFile(`docs/gateways/${page}.md`, 'utf8')
  const blocks = text.split(`\`\`\`${language}\n`).slice(1).map(rest => rest.slice(0, rest.indexOf('```')))
  const [configuration] = blocks
  if (configuration === undefined || blocks.length > 1) throw new Error(`docs/gateways/${page}.md has ${blocks.length} blocks of ${language}`)
  return replacements.reduce((replaced, [name, here]) => {
    if (!replaced.includes(name)) throw new Error(`docs/gateways/${page}.md does not have ${name}`)
    return replaced.replaceAll(name, here)
  }, configuration)
}
