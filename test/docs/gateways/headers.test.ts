import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { AUTH_HEADERS } from './page.js'

t.test('each gateway takes over the headers that Kunci answers with, all of them and no other', async t => {
  const pages = (await readdir('docs/gateways')).filter(name => name !== 'README.md')
  t.same(pages.sort(), ['apisix.md', 'caddy.md', 'envoy.md', 'haproxy-keys.md', 'haproxy.md', 'kong.md', 'nginx.md', 'traefik.md'])
  for (const page of [...pages, 'README.md']) {
    const named = (await readFile(`docs/gateways/${page}`, 'utf8')).match(/\bx[-_]auth[-_][a-z]+/gi) ?? []
    t.same([...new Set(named.map(name => name.toLowerCase().replaceAll('_', '-')))].sort(), AUTH_HEADERS.toSorted(), page)
  }
})
