import { access, readFile } from 'node:fs/promises'
import t from 'tap'
import { contracts } from '../../src/contracts.js'
import { build } from '../helper.js'
import { readDocument } from './document.js'

const page = await readFile('docs/contracts.md', 'utf8')

/** What the page says of each endpoint of a contract: where it is documented, or why it stands beside the document. */
function rowsOf (contract: string) {
  const [, section = ''] = page.split(new RegExp(`^## ${contract}$`, 'm'))
  const [table = ''] = section.split(/^## /m)
  return [...table.matchAll(/^\| `([A-Z]+ \/.*?)` \| (.*?) \| (.*?) \|$/gm)].map(([, endpoint = '', source = '', tests = '']) => ({ endpoint, source, tests }))
}

/** What a heading of a document is called in a link (as GitHub makes it). */
function anchorOf (heading: string): string {
  return heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-')
}

for (const { policy: { name }, documentedPrefix } of contracts) {
  t.test(`every endpoint of ${name} is in its document, or docs/contracts.md says why it is beside it, and the other way round`, async t => {
    const { app } = await build(t, { CONTRACTS: name })
    const paths: Record<string, object> = (await app.inject(`/docs/${name}/json`)).json().paths
    const own = Object.entries(paths)
    t.ok(own.every(([path]) => path.startsWith(`${documentedPrefix}/`)))
    const served = own.flatMap(([path, methods]) => Object.keys(methods).map(method => `${method.toUpperCase()} ${path.slice(documentedPrefix.length)}`))
    const rows = rowsOf(name)
    t.strictSame(rows.map(row => row.endpoint).sort(), served.sort())

    const documented = rows.filter(row => /^\[.+\]\(.+\)$/.test(row.source))
    const { endpoints } = await readDocument(name, documentedPrefix)
    t.strictSame(documented.map(row => row.endpoint).sort(), [...endpoints].sort())
    for (const { endpoint, source } of rows.filter(row => !documented.includes(row))) {
      t.match(source, /^(?:\[.+\]\(.+\), without its path|beside it: .+)$/, endpoint)
    }
  })

  t.test(`what docs/contracts.md links and names for ${name} exists`, async t => {
    const document = await readFile(`docs/contracts/${name}.md`, 'utf8')
    const anchors = [...document.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))
    for (const { endpoint, source, tests } of rowsOf(name)) {
      const [, target, anchor = ''] = /\]\((.+)#(.+)\)/.exec(source) ?? []
      t.ok(source.startsWith('beside it') || (target === `contracts/${name}.md` && anchors.includes(anchor)), source)
      const files = [...tests.matchAll(/`(.+?)`/g)].map(([, file = '']) => file)
      t.not(files.length, 0, endpoint)
      for (const file of files) await t.resolves(access(file), file)
    }
  })
}
