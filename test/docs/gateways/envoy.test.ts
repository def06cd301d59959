import t from 'tap'
import { parse } from 'yaml'
import { AUTH_HEADERS, documentedConfiguration } from './page.js'

interface Patterns { patterns: Array<{ exact: string }> }
interface Filter {
  typed_config: {
    '@type': string
    mutations?: { request_mutations: Array<{ remove?: string, append?: object }> }
    http_service?: { authorization_response: { allowed_upstream_headers: Patterns } }
    default_source_code?: { inline_string: string }
  }
}
interface Route { match: object, route: object, typed_per_filter_config?: object }
interface Connections {
  use_remote_address: boolean
  common_http_protocol_options: object
  http_filters: Filter[]
  route_config: { virtual_hosts: Array<{ domains: string[], routes: Route[] }> }
}
interface Listener { name: string, address: object, filter_chains: [{ filters: [{ typed_config: Connections }] }] }
interface Envoy { static_resources: { listeners: Listener[], clusters: Array<{ name: string, load_assignment: { endpoints: [{ lb_endpoints: [{ endpoint: { address: object } }] }] } }> } }

const CONFIGURATION = await documentedConfiguration('envoy', 'yaml', [])
const { listeners, clusters } = (parse(CONFIGURATION) as Envoy).static_resources

function connectionsOf (name: string): Connections {
  const listener = listeners.find(listener => listener.name === name)
  if (listener === undefined) throw new Error(`no listener ${name}`)
  return listener.filter_chains[0].filters[0].typed_config
}

function filtersOf (name: string): Record<string, Filter['typed_config']> {
  return Object.fromEntries(connectionsOf(name).http_filters.map(({ typed_config: configured }) => [configured['@type'].split('.').at(-1), configured]))
}

function routesOf (name: string): Route[] {
  return connectionsOf(name).route_config.virtual_hosts.flatMap(({ routes }) => routes)
}

t.test('Envoy asks Kunci, copies what Kunci says, and refuses where it gets no answer', async t => {
  const { ExtAuthz: asks } = filtersOf('app')
  t.same(asks, {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz',
    transport_api_version: 'V3',
    failure_mode_allow: false,
    status_on_error: { code: 'ServiceUnavailable' },
    http_service: {
      server_uri: { uri: 'http://127.0.0.1:9001', cluster: 'question', timeout: '3s' },
      authorization_response: { allowed_upstream_headers: { patterns: AUTH_HEADERS.map(exact => ({ exact })) } }
    }
  })
  // The query of the client's, which would be a demand, is left out with the path.
  t.match(filtersOf('question')['Lua']?.default_source_code?.inline_string, 'request:headers():replace(":path", "/gateway/verify")')
  t.same(routesOf('question'), [{ match: { prefix: '/' }, route: { cluster: 'kunci' } }])
  t.same(listeners.find(({ name }) => name === 'question')?.address, { socket_address: { address: '127.0.0.1', port_value: 9001 } })
})

t.test('Envoy takes away what a client said of itself before it asks, and writes its address anew', async t => {
  t.same(Object.keys(filtersOf('app')), ['HeaderMutation', 'ExtAuthz', 'Router'], 'in this order')
  t.same(filtersOf('app')['HeaderMutation']?.mutations?.request_mutations, [
    ...[...AUTH_HEADERS, 'x-forwarded-host'].map(remove => ({ remove })),
    { append: { header: { key: 'x-forwarded-for', value: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' } }
  ])
  t.match(connectionsOf('app'), { use_remote_address: true, common_http_protocol_options: { headers_with_underscores_action: 'DROP_HEADER' } })
})

t.test('Envoy passes on unasked what goes to Kunci, unchanged, and preflights', async t => {
  const unasked = { 'envoy.filters.http.ext_authz': { '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute', disabled: true } }
  t.same(routesOf('app'), [
    { match: { prefix: '/auth/' }, route: { cluster: 'kunci' }, typed_per_filter_config: unasked },
    { match: { path: '/gateway/doctor' }, route: { cluster: 'kunci' }, typed_per_filter_config: unasked },
    { match: { prefix: '/', headers: [{ name: ':method', string_match: { exact: 'OPTIONS' } }] }, route: { cluster: 'application' }, typed_per_filter_config: unasked },
    { match: { prefix: '/' }, route: { cluster: 'application' } }
  ])
  const addresses = clusters.map(({ name, load_assignment: { endpoints: [{ lb_endpoints: [{ endpoint }] }] } }) => [name, endpoint.address])
  t.same(addresses, [
    ['kunci', { socket_address: { address: 'kunci', port_value: 3000 } }],
    ['application', { socket_address: { address: 'application', port_value: 8080 } }],
    ['question', { socket_address: { address: '127.0.0.1', port_value: 9001 } }]
  ])
})
