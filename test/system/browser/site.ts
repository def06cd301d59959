import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Test } from 'tap'

/** An application's own site: its files, and below `/auth` the server behind it. */
export interface Site {
  url: string
  /** where what is below `/auth` goes */
  upstream: string
  /** what came for below `/auth`, as `POST /auth/refresh` */
  requests: string[]
  /** Waits before an answer goes back to the browser; where it gives false, the connection breaks instead. */
  beforeAnswer: (asked: string) => Promise<boolean>
}

/** A page that has the client as `kunci`, and one that is made as `client` where its address says `?base=…`. */
const PAGE = `<!doctype html><title>An application</title><link rel="icon" href="data:,">
<script type="module">
  import * as kunci from '/client.js'
  const baseUrl = new URLSearchParams(location.search).get('base')
  window.kunci = kunci
  window.states = []
  if (baseUrl !== null) {
    window.client = kunci.createClient({ baseUrl })
    client.onChange(state => { states.push(state) })
  }
</script>`

/**
 * Serves an application on loopback, with the client as it is published.
 *
 * @param options `host`: the name by which the browser knows it; `pages`: further pages, by their path
 */
export async function startSite (t: Test, upstream: string, { host = '127.0.0.1', pages = {} }: { host?: string, pages?: Record<string, string> } = {}): Promise<Site> {
  const site: Site = { url: '', upstream, requests: [], beforeAnswer: async () => true }
  const client = await readFile('dist/client/client.js', 'utf8')
  const server = createServer((asking, answer) => {
    const { pathname } = new URL(asking.url ?? '/', 'http://site')
    const page = pages[pathname]
    if (pathname.startsWith('/auth/')) void proxy(site, asking, answer)
    else if (pathname === '/client.js') answer.setHeader('content-type', 'text/javascript').end(client)
    else answer.setHeader('content-type', 'text/html').end(page ?? PAGE)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  site.url = `http://${host}:${(server.address() as AddressInfo).port}`
  return site
}

async function proxy (site: Site, asking: IncomingMessage, answer: ServerResponse): Promise<void> {
  const asked = `${asking.method ?? ''} ${asking.url ?? ''}`
  site.requests.push(asked)
  try {
    const passed = request(site.upstream + (asking.url ?? ''), { method: asking.method, headers: asking.headers })
    asking.pipe(passed)
    const [response] = await once(passed, 'response') as [IncomingMessage]
    if (!await site.beforeAnswer(asked)) throw new Error('the answer is lost')
    answer.writeHead(response.statusCode ?? 502, response.rawHeaders)
    await pipeline(response, answer)
  } catch {
    answer.destroy()
  }
}
