import type { FastifyPluginAsync } from 'fastify'
import doctor from './doctor.js'
import { renderProblem } from './render.js'
import verify from './verify.js'

/** For API gateways, which ask before they pass a request on. */
const gateway: FastifyPluginAsync<{ trustProxy: readonly string[] }> = async (app, { trustProxy }) => {
  app.renderProblems(app, renderProblem)
  app.recordRefusedTokens(app)
  // A gateway may repeat the original request; only its head is looked at.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null, undefined)
  })
  // QUERY is refused where it names no type of its body (RFC 10008, section 2): here none is looked at.
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    raw.headers['content-type'] ??= 'application/octet-stream'
    done()
  })
  await app.register(verify)
  await app.register(doctor, { trustProxy })
}

export default gateway
