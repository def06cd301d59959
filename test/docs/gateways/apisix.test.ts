import t from 'tap'
import { parse } from 'yaml'
import { AUTH_HEADERS, documentedBlocks } from './page.js'

interface Route {
  id: string
  uri?: string
  uris?: string[]
  methods?: string[]
  priority: number
  plugins?: { 'forward-auth': { upstream_headers: string[] } }
  upstream_id: string
}
interface Installation { nginx_config: { http_server_location_configuration_snippet: string, http: { underscores_in_headers: string } } }
interface Rules { routes: Route[], upstreams: Array<{ id: string, nodes: Record<string, number>, pass_host: string }> }

async function documented () {
  const [installation = '', rules = ''] = await documentedBlocks('apisix', 'yaml')
  t.match(rules, /\n#END\n$/, 'without this last line the file is taken for half written')
  return { ...parse(installation) as Installation, ...parse(rules) as Rules }
}

t.test('APISIX asks Kunci with the token, copies what Kunci says, and refuses where it gets no answer', async t => {
  const { routes } = await documented()
  const { upstream_headers: copied, ...rest } = routes.find(({ id }) => id === 'application')?.plugins?.['forward-auth'] ?? { upstream_headers: [] }
  t.same(copied.map(name => name.toLowerCase()), AUTH_HEADERS)
  // allow_degradation, which is not here, would let requests pass.
  t.same(rest, {
    uri: 'http://kunci:3000/gateway/verify',
    request_headers: ['Authorization'],
    client_headers: ['WWW-Authenticate', 'Retry-After', 'Content-Type'],
    status_on_error: 503
  })
})

t.test('APISIX takes away what a client said of itself, before anything else', async t => {
  const { nginx_config: nginx } = await documented()
  const [directive = '', ...names] = nginx.http_server_location_configuration_snippet.replace(/;\s*$/, '').split(' ')
  t.equal(directive, 'more_clear_input_headers')
  t.same(names.map(name => name.toLowerCase()), [...AUTH_HEADERS, 'x-forwarded-for', 'x-forwarded-host'])
  t.same(nginx.http, { underscores_in_headers: 'off' })
})

t.test('APISIX passes on unasked what goes to Kunci, unchanged, and preflights', async t => {
  const { routes, upstreams } = await documented()
  const inOrder = routes.sort((one, other) => other.priority - one.priority)
  t.same(inOrder.map(({ uri, uris = [uri], methods = [], plugins = {}, upstream_id: upstream }) => [uris, methods, Object.keys(plugins), upstream]), [
    [['/auth/*', '/gateway/doctor'], [], [], 'kunci'],
    [['/*'], ['OPTIONS'], [], 'application'],
    [['/*'], [], ['forward-auth'], 'application']
  ])
  t.same(upstreams, [
    { id: 'kunci', type: 'roundrobin', pass_host: 'pass', nodes: { 'kunci:3000': 1 } },
    { id: 'application', type: 'roundrobin', pass_host: 'pass', nodes: { 'application:8080': 1 } }
  ])
})
