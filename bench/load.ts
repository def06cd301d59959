import autocannon from 'autocannon'

export interface NextRequest {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
}

/** What one connection sends, one request after the other, each made of the answers before. */
export interface Chain {
  next: NextRequest | (() => NextRequest)
  /** is given every answer */
  seen?: (status: number, body: string, headers: Readonly<Record<string, string | string[]>>) => void
}

export interface LoadResult {
  /** good answers a second */
  rate: number
  /** milliseconds */
  latency: { p50: number, p99: number, max: number }
  /** how often each status was answered */
  statuses: Record<string, number>
  /** connections that broke, and requests without an answer within ten seconds */
  faults: number
}

export interface LoadOptions {
  url: string
  seconds: number
  connections: number
  chain: (connection: number) => Chain
  /** requests a second over all connections; undefined for as many as are answered */
  rate?: number
}

/** Loads a server with autocannon. */
export async function load ({ url, seconds, connections, chain, rate }: LoadOptions): Promise<LoadResult> {
  const durations: number[] = []
  const statuses: Record<string, number> = {}
  let connection = 0
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    ...rate === undefined ? {} : { overallRate: rate },
    setupClient (client) {
      const { next, seen } = chain(connection++)
      // Its context is cleared at every turn through the requests: what a connection knows lives in its chain.
      client.setRequests([{
        ...typeof next === 'function' ? { setupRequest: request => Object.assign(request, next()) } : next,
        ...seen === undefined ? {} : { onResponse (status, body, _context, headers) { seen(status, body, headers as Readonly<Record<string, string>>) } }
      }])
      client.on('response', (status, _bytes, duration) => {
        durations.push(duration)
        statuses[status] = (statuses[status] ?? 0) + 1
      })
    }
  })
  const good = Object.entries(statuses).reduce((sum, [status, count]) => status.startsWith('2') ? sum + count : sum, 0)
  durations.sort((one, other) => one - other)
  const at = (share: number) => Math.round((durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0) * 10) / 10
  return {
    rate: good / result.duration,
    latency: { p50: at(0.5), p99: at(0.99), max: at(1) },
    statuses,
    faults: result.errors + result.timeouts
  }
}
