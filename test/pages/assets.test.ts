import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { readBuiltPages } from '../../routes/pages/built-pages.js'
import { createFolder } from '../folder.js'
import { build } from '../helper.js'

async function buildWithScript (t: Test) {
  const { app } = await build(t, { PAGES: 'on' })
  const script = / src="(\/assets\/[^"]+\.js)"/.exec((await app.inject('/')).payload)?.[1] ?? ''
  return { app, script }
}

t.test('a file is kept for a year, and not sent again to whoever has it', async t => {
  const { app, script } = await buildWithScript(t)
  const response = await app.inject(script)
  t.match(response.headers, {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Origin, Accept-Encoding',
    etag: /^"[\w-]{22}"$/
  })
  const etag = String(response.headers.etag)
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await app.inject({ url: script, headers: { 'if-none-match': known } })
    t.same([again.statusCode, again.payload, again.headers.etag, again.headers['cache-control']], [304, '', etag, 'public, max-age=31536000, immutable'], known)
  }
  t.equal((await app.inject({ url: script, headers: { 'if-none-match': '"other"' } })).statusCode, 200)
  const head = await app.inject({ method: 'HEAD', url: script })
  t.same([head.statusCode, head.payload, head.headers['content-length']], [200, '', response.headers['content-length']])
})

t.test('it comes as small as the browser takes it', async t => {
  const { app, script } = await buildWithScript(t)
  const plain = await app.inject(script)
  const ask = async (accepted: string) => await app.inject({ url: script, headers: { 'accept-encoding': accepted } })
  for (const [accepted, encoding] of [['gzip, deflate, br', 'br'], ['BR;q=0.5, gzip', 'br'], ['gzip', 'gzip'], ['br;q=0, gzip;q=0.1', 'gzip'], ['', undefined], ['deflate, identity', undefined], ['br;q=0.000', undefined]] as const) {
    const response = await ask(accepted)
    t.equal(response.headers['content-encoding'], encoding, accepted)
    const decode = { br: brotliDecompressSync, gzip: gunzipSync }
    t.same(encoding === undefined ? response.rawPayload : decode[encoding](response.rawPayload), plain.rawPayload, accepted)
  }
  t.equal(new Set([plain.headers.etag, (await ask('br')).headers.etag, (await ask('gzip')).headers.etag]).size, 3, 'each form has a tag of its own')
})

t.test('nothing else is served', async t => {
  const { app, script } = await buildWithScript(t)
  for (const url of ['/assets', '/assets/', '/assets/none.js', '/assets/..%2findex.html', '/assets/%2e%2e/index.html', '/assets/__proto__', `${script}.br`, `${script}/x`]) {
    const response = await app.inject(url)
    t.same([response.statusCode, response.json()], [404, { status: 404, message: 'Not found' }], url)
  }
})

t.test('all scripts and styles together are under 60 kB', async t => {
  const built = await readBuiltPages()
  const sizes = [...built?.assets ?? []].filter(([name]) => /\.(?:js|css)$/.test(name)).map(([name, { bodies }]) => [name, (bodies.gzip ?? gzipSync(bodies.identity)).length] as const)
  t.ok(sizes.length >= 3)
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  t.ok(total < 60_000, `${total} bytes gzipped: ${JSON.stringify(sizes)}`)
})

t.test('where the pages are not built there are none', async t => {
  t.equal(await readBuiltPages(await createFolder(t)), undefined)
})
