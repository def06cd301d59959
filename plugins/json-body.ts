import { isUtf8 } from 'node:buffer'
import fp from 'fastify-plugin'
import { MalformedBodyError, UnsupportedMediaTypeError } from './errors.js'

/** Bodies are JSON in UTF-8. An empty one is no body, whatever its content type. */
export default fp(async app => {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')

  // A request without a body has no content type either, however strange the one it names.
  app.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    if (headers['content-type'] !== undefined && headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') delete headers['content-type']
    done()
  })

  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined)
    if (!isUtf8(body)) return done(new MalformedBodyError())
    void parse(request, body.toString(), (error, value) => { done(error === null ? null : new MalformedBodyError(), value) })
  })

  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    done(body.length === 0 ? null : new UnsupportedMediaTypeError(), undefined)
  })

  // What is missing is then named field by field, as for `{}`.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body === undefined && request.routeOptions.schema?.body !== undefined) request.body = {}
    done()
  })
}, { name: 'json-body' })
