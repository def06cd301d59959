import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

/** The OpenAPI document of every route at `/docs/json`, and its pages at `/docs`. */
export default fp<{ version: string }>(async (app, { version }) => {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Kunci', version, description: 'A self-hosted auth server: one user base, five API contracts.' },
      components: {
        securitySchemes: {
          accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          refreshCookie: { type: 'apiKey', in: 'cookie', name: 'refresh_token' }
        }
      }
    }
  })
  await app.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: true })
}, { name: 'openapi' })
