import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

/** For its own files alone; nothing is upgraded to https, which a server on a bare network does not have. */
const PAGES_POLICY = "default-src 'self'; script-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"

/** The OpenAPI document of every route at `/docs/json`, and its pages at `/docs`. */
export default fp<{ version: string, cookieName: string }>(async (app, { version, cookieName }) => {
  await app.register(fastifySwagger, {
    // A body that may only be empty is none, to whoever generates a client.
    transform: ({ schema, url }) => ({ schema: isEmpty(schema?.body) ? { ...schema, body: undefined } : schema, url }),
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
  await app.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: PAGES_POLICY, theme: { title: 'Kunci API' } })
}, { name: 'openapi' })

function isEmpty (body: unknown): boolean {
  const { type, properties } = (body ?? {}) as { type?: string, properties?: object }
  return type === 'object' && properties !== undefined && Object.keys(properties).length === 0
}
