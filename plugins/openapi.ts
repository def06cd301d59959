import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import { documentOf, markOptionalBodies, type OpenApiDocument } from './openapi-document.js'

export interface OpenApiOptions {
  version: string
  cookieName: string
  /** names of what has a document of its own, such as the contracts that are served; their endpoints bear them as tags */
  apis: readonly string[]
}

/** For its own files alone; nothing is upgraded to https, which a server on a bare network does not have. */
const PAGES_POLICY = "default-src 'self'; script-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"

/** The OpenAPI document of every route at `/docs/json`, that of each contract at `/docs/<contract>/json`, that of administration at `/docs/admin/json`, and their pages at `/docs`. */
export default fp<OpenApiOptions>(async (app, { version, cookieName, apis }) => {
  await app.register(fastifySwagger, {
    // A body that may only be empty is none, to whoever generates a client.
    transform: ({ schema, url, route }) => ({
      schema: { ...schema, operationId: operationId(schema?.tags, String(route.method), url.slice(prefixOf(route).length)), ...isEmpty(schema?.body) ? { body: undefined } : {} },
      url
    }),
    transformObject (documents) {
      if ('swaggerObject' in documents) return documents.swaggerObject
      markOptionalBodies(documents.openapiObject as OpenApiDocument)
      return documents.openapiObject
    },
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Kunci', version, description: 'A self-hosted auth server: one user base behind the API contracts of several applications.' },
      components: {
        securitySchemes: {
          accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          refreshCookie: { type: 'apiKey', in: 'cookie', name: cookieName }
        }
      }
    }
  })
  for (const api of apis) {
    app.get(`/docs/${api}/json`, { schema: { hide: true } }, async () => documentOf(app.swagger() as OpenApiDocument, api))
  }
  const documents = [{ name: 'everything', url: '/docs/json' }, ...apis.map(name => ({ name, url: `/docs/${name}/json` }))]
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    staticCSP: PAGES_POLICY,
    theme: { title: 'Kunci API' },
    uiConfig: { urls: documents }
  })
}, { name: 'openapi' })

/** @returns a name that keeps when a contract is mounted elsewhere, such as `outletPostPasswordForgot` */
function operationId (tags: readonly string[] = [], method: string, path: string): string {
  const words = [method.toLowerCase(), ...path.split(/[^a-zA-Z0-9]+/)].filter(word => word !== '')
  return [tags[0] ?? 'kunci', ...words.map(word => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}

/** Fastify hands it to whoever listens to routes, which its types do not tell. */
function prefixOf (route: object): string {
  return 'prefix' in route ? String(route.prefix) : ''
}

function isEmpty (body: unknown): boolean {
  const { type, properties } = (body ?? {}) as { type?: string, properties?: object }
  return type === 'object' && properties !== undefined && Object.keys(properties).length === 0
}
