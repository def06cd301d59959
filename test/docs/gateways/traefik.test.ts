import t from 'tap'
import { parse } from 'yaml'
import { AUTH_HEADERS, documentedBlocks, spellings } from './page.js'

interface Dynamic {
  http: {
    routers: Record<string, { rule: string, priority: number, middlewares?: string[], service: string }>
    middlewares: {
      nobody: { headers: { customRequestHeaders: Record<string, string> } }
      ask: { forwardAuth: { authResponseHeaders: string[], authResponseHeadersRegex: string } }
    }
    services: Record<string, object>
  }
}

async function documented () {
  const [installation = '', dynamic = ''] = await documentedBlocks('traefik', 'yaml')
  return { installation: parse(installation) as object, ...(parse(dynamic) as Dynamic).http }
}

t.test('Traefik asks Kunci with the token and nothing else that a client said, and copies what Kunci says', async t => {
  const { middlewares: { ask } } = await documented()
  const { authResponseHeaders, authResponseHeadersRegex, ...rest } = ask.forwardAuth
  t.same(rest, { address: 'http://kunci:3000/gateway/verify', trustForwardHeader: false, authRequestHeaders: ['Authorization'] })
  t.same(authResponseHeaders.map(name => name.toLowerCase()), AUTH_HEADERS)
  // Go writes what makes the match one without case in front.
  const [, expression = ''] = /^\(\?i\)(.+)$/.exec(authResponseHeadersRegex) ?? []
  for (const header of AUTH_HEADERS.flatMap(spellings)) t.match(header, new RegExp(expression))
  t.notMatch('authorization', new RegExp(expression))
})

t.test('Traefik takes away in a preflight what a client said, in every spelling', async t => {
  const { customRequestHeaders } = (await documented()).middlewares.nobody.headers
  t.same(Object.keys(customRequestHeaders).map(name => name.toLowerCase()).sort(), AUTH_HEADERS.flatMap(spellings).sort())
  t.same([...new Set(Object.values(customRequestHeaders))], [''], 'an empty value is what removes')
})

t.test('Traefik passes on unasked what goes to Kunci, unchanged, and preflights', async t => {
  const { routers, services } = await documented()
  const inOrder = Object.values(routers).sort((one, other) => other.priority - one.priority)
  t.same(inOrder.map(({ rule, middlewares = [], service }) => [rule, middlewares, service]), [
    ['Host(`app.example.com`) && (PathPrefix(`/auth/`) || Path(`/gateway/doctor`))', [], 'kunci'],
    ['Host(`app.example.com`) && Method(`OPTIONS`)', ['nobody'], 'application'],
    ['Host(`app.example.com`)', ['ask'], 'application']
  ])
  t.same(services, {
    kunci: { loadBalancer: { passHostHeader: true, servers: [{ url: 'http://kunci:3000' }] } },
    application: { loadBalancer: { passHostHeader: true, servers: [{ url: 'http://application:8080' }] } }
  })
})

t.test('Traefik takes forwarded addresses from nobody', async t => {
  const { installation } = await documented()
  t.same(installation, { entryPoints: { web: { address: ':80' } }, providers: { file: { filename: '/etc/traefik/app.yml' } } })
})
