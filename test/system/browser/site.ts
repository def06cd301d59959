import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Test } from 'tap'

/** An application's own site: its files, and below `/auth` the server behind it, as a gateway puts it there. */
export interface Site {
  url: string
  /** where what is below `/auth` goes */
  upstream: string
  /** what came for below `/auth`, as `POST /auth/refresh` */
  requests: string[]
  /** Keeps the next answer to a request, such as `POST /auth/refresh`, which the server then has given. */
  holdBack: (asked: string) => HeldAnswer
}

export interface HeldAnswer {
  /** resolves when it is here */
  arrived: Promise<void>
  /** Lets it go on to the browser. */
  release: () => void
  /** Breaks the connection instead. */
  lose: () => void
}

interface Hold extends HeldAnswer {
  asked: string
  arrive: () => void
  isReleased: Promise<boolean>
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
  const holds: Hold[] = []
  const site: Site = {
    url: '',
    upstream,
    requests: [],
    holdBack (asked) {
      const hold = createHold(asked)
      holds.push(hold)
      return hold
    }
  }
  const client = await readFile('dist/client/client.js', 'utf8')
  const server = createServer((asking, answer) => {
    const { pathname } = new URL(asking.url ?? '/', 'http://site')
    const page = pages[pathname]
    if (pathname.startsWith('/auth/')) void proxy(site, holds, asking, answer)
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

async function proxy (site: Site, holds: Hold[], asking: IncomingMessage, answer: ServerResponse): Promise<void> {
  const asked = `${asking.method ?? ''} ${asking.url ?? ''}`
  site.requests.push(asked)
  const passed = request(site.upstream + (asking.url ?? ''), { method: asking.method, headers: asking.headers })
  asking.pipe(passed)
  let response: IncomingMessage
  try {
    [response] = await once(passed, 'response') as [IncomingMessage]
  } catch {
    answer.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
    return
  }
  const at = holds.findIndex(hold => hold.asked === asked)
  const [hold] = at < 0 ? [] : holds.splice(at, 1)
  hold?.arrive()
  if (await hold?.isReleased === false) answer.destroy()
  else {
    // What fails on a connection that was used before, browsers send once more by themselves.
    answer.shouldKeepAlive = false
    answer.writeHead(response.statusCode ?? 502, withoutConnection(response.headersDistinct))
    // Whoever asked may have gone.
    await pipeline(response, answer).catch(() => {})
  }
}

function withoutConnection ({ connection, 'keep-alive': keepAlive, ...headers }: NodeJS.Dict<string[]>): NodeJS.Dict<string[]> {
  return headers
}

function createHold (asked: string): Hold {
  let arrive = () => {}
  let settle = (_isReleased: boolean) => {}
  const arrived = new Promise<void>(resolve => { arrive = resolve })
  const isReleased = new Promise<boolean>(resolve => { settle = resolve })
  return { asked, arrive, arrived, isReleased, release () { settle(true) }, lose () { settle(false) } }
}
