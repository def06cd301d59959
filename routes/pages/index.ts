import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { AnswerUnknown } from '../../plugins/errors.js'
import { ASSETS_PATH, pagePaths } from '../../src/page-paths.js'
import { acceptedEncoding } from './accepted-encoding.js'
import type { BuiltPages } from './built-pages.js'
import { type PagesSettings, renderDocument } from './document.js'

export interface ServedPages {
  document: string
  built: BuiltPages
}

/**
 * Nothing written in a document runs, and no form is sent by the browser itself: before its script has come, a form would put
 * a password into an address.
 */
const CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

export function servedPages (built: BuiltPages, settings: PagesSettings): ServedPages {
  return { document: renderDocument(built.html, settings), built }
}

/** Kunci's own pages: one document at the address of each, and the files that it loads. */
const pages: FastifyPluginAsync<{ pages: ServedPages }> = async (app, { pages: { document, built } }) => {
  for (const url of Object.values(pagePaths)) {
    app.get(url, { schema: { hide: true } }, async (_request, reply) => await asDocument(reply).send(document))
  }

  app.get<{ Params: { name: string } }>(`${ASSETS_PATH}/:name`, { schema: { hide: true } }, async (request, reply) => {
    const asset = built.assets.get(request.params.name)
    if (asset === undefined) {
      reply.callNotFound()
      return await reply
    }
    const encoding = acceptedEncoding(request.headers['accept-encoding'], asset)
    const etag = `"${asset.etag}${encoding === 'identity' ? '' : `-${encoding}`}"`
    // Its name changes with its content.
    reply.headers({ 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable', etag })
    reply.header('vary', [reply.getHeader('vary'), 'Accept-Encoding'].filter(part => part !== undefined).join(', '))
    if (isKnown(request, etag)) return await reply.code(304).send()
    if (encoding !== 'identity') reply.header('content-encoding', encoding)
    return await reply.send(asset.bodies[encoding])
  })
}

export default pages

/** Answers whoever asks for an unknown path with a browser by a page that says so. */
export function answerUnknownBy ({ document }: ServedPages): AnswerUnknown {
  return (request, reply) => {
    const asksForPage = ['GET', 'HEAD'].includes(request.method) && /\btext\/html\b/i.test(request.headers.accept ?? '')
    if (asksForPage) void asDocument(reply).code(404).send(document)
    return asksForPage
  }
}

/** Never stored: the address of a page may hold a token. */
function asDocument (reply: FastifyReply): FastifyReply {
  return reply.headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': CONTENT_SECURITY_POLICY })
}

function isKnown (request: FastifyRequest, etag: string): boolean {
  return request.headers['if-none-match']?.split(',').some(known => [etag, `W/${etag}`, '*'].includes(known.trim())) === true
}
