import { readFile } from 'node:fs/promises'
import { NOBODY } from '../../../routes/gateway/auth-headers.js'

/** The headers that tell an application who asks, in lower case. */
export const AUTH_HEADERS = Object.keys(NOBODY)

/** @param language what stands after the three backticks @returns the blocks of this language in a gateway's page, in its order */
export async function documentedBlocks (page: string, language: string): Promise<string[]> {
  const text = await readFile(`docs/gateways/${page}.md`, 'utf8')
  return text.split(`\`\`\`${language}\n`).slice(1).map(rest => rest.slice(0, rest.indexOf('```')))
}

/**
 * @param replacements host names and ports of the page, longest first, and what stands for them here
 * @returns the one block of this language in a gateway's page
 */
export async function documentedConfiguration (page: string, language: string, replacements: Array<[string, string]>): Promise<string> {
  const blocks = await documentedBlocks(page, language)
  const [configuration] = blocks
  if (configuration === undefined || blocks.length > 1) throw new Error(`docs/gateways/${page}.md has ${blocks.length} blocks of ${language}`)
  return replacements.reduce((replaced, [name, here]) => {
    if (!replaced.includes(name)) throw new Error(`docs/gateways/${page}.md does not have ${name}`)
    return replaced.replaceAll(name, here)
  }, configuration)
}

/** @returns a header's name as a client may write it so that an application which reads headers as CGI does takes it for the same */
export function spellings (header: string): string[] {
  const [x = '', auth = '', name = ''] = header.split('-')
  return ['-', '_'].flatMap(first => ['-', '_'].map(second => `${x}${first}${auth}${second}${name}`))
}
