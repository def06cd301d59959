import t from 'tap'
import { parse } from 'yaml'
import { AUTH_HEADERS, documentedBlocks, documentedConfiguration } from './page.js'

interface Script { name: string, config: { rewrite?: string[], access?: string[] } }
interface Route { name: string, hosts: string[], paths: string[], strip_path: boolean, preserve_host: boolean, plugins?: Script[] }
interface Rules { plugins: Script[], services: Array<{ name: string, url: string, routes: Route[] }> }

async function documented () {
  return parse(await documentedConfiguration('kong', 'yaml', [])) as Rules
}

function headersIn (script: string): string[] {
  return (script.match(/"x-[a-z-]+"/gi) ?? []).map(name => name.slice(1, -1).toLowerCase())
}

t.test('Kong takes away what a client said of itself, for every request', async t => {
  const [everywhere, ...others] = (await documented()).plugins
  t.same(others, [])
  t.match(everywhere, { name: 'pre-function', config: { rewrite: [/kong\.service\.request\.clear_header\(name\)/] } })
  t.same(headersIn(everywhere?.config.rewrite?.[0] ?? ''), [...AUTH_HEADERS, 'x-forwarded-for', 'x-forwarded-host'])
})

t.test('Kong asks Kunci with the token, copies what Kunci says, and refuses where it gets no answer', async t => {
  const application = (await documented()).services.find(({ name }) => name === 'application')
  const [question, ...others] = application?.routes[0]?.plugins ?? []
  t.same(others, [])
  t.equal(question?.name, 'pre-function')
  const script = question?.config.access?.[0] ?? ''
  t.match(script, 'client:request_uri("http://kunci:3000/gateway/verify", {')
  t.match(script, 'headers = { Authorization = kong.request.get_header("authorization") }')
  t.match(script, 'client:set_timeout(3000)')
  t.match(script, 'if not answer or (answer.status ~= 200 and answer.status ~= 401 and answer.status ~= 403) then\n  return kong.response.exit(503,')
  t.same(headersIn(script), AUTH_HEADERS)
})

t.test('Kong passes on unasked what goes to Kunci, unchanged', async t => {
  const { services } = await documented()
  const ways = services.flatMap(({ url, routes }) => routes.map(route => [url, route.paths, (route.plugins ?? []).length]))
  t.same(ways, [['http://kunci:3000', ['/auth/', '~/gateway/doctor$'], 0], ['http://application:8080', ['/'], 1]])
  for (const route of services.flatMap(({ routes }) => routes)) t.match(route, { hosts: ['app.example.com'], strip_path: false, preserve_host: true })
})

t.test("Kong's environment lets the script ask, and nobody spell a header another way", async t => {
  const [environment = ''] = await documentedBlocks('kong', 'sh')
  t.same(environment.split('\n').filter(line => line.startsWith('KONG_')), [
    'KONG_DATABASE=off',
    'KONG_DECLARATIVE_CONFIG=/etc/kong/kong.yml',
    'KONG_UNTRUSTED_LUA=sandbox',
    'KONG_UNTRUSTED_LUA_SANDBOX_REQUIRES=resty.http',
    'KONG_NGINX_PROXY_UNDERSCORES_IN_HEADERS=off'
  ])
})
