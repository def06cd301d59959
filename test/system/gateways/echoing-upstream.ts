import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

/** What reached the application behind the gateway. */
export interface Echo {
  method: string
  url: string
  /** every header line, the names in lower case */
  headers: Array<[string, string]>
  body: string
}

/** An application that answers with the request it got. @returns its `host:port` */
export async function startUpstream (t: Test): Promise<string> {
  const server = createServer((request, response) => {
    void text(request).then(body => {
      const headers = request.rawHeaders.flatMap((name, at, all) => at % 2 === 0 ? [[name.toLowerCase(), all[at + 1] ?? '']] : [])
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ method: request.method, url: request.url, headers, body }))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `127.0.0.1:${address.port}`
}
