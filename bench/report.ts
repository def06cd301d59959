import type { Growth } from './growth.js'
import type { PathResult, Use } from './rounds.js'
import type { SizeResult } from './sizes.js'

export interface Report {
  began: string
  command: string
  machine: Record<string, string>
  sizes: SizeResult[]
  growth: Growth
}

/** @returns the middle one, or the mean of the two in the middle */
export function median (values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2
}

/** @returns Kunci's share of what it is compared with, in each round */
export function ratiosOf ({ kunci, against }: PathResult): number[] {
  return kunci.map(({ rate }, round) => rate / (against.rates[round] ?? NaN))
}

/** @returns the report as Markdown */
export function render ({ began, command, machine, sizes, growth }: Report): string {
  return [
    `# Measured on ${began}`,
    '',
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    `- command: \`${command}\``,
    ...sizes.flatMap(renderSize),
    ...renderGrowth(growth),
    ''
  ].join('\n')
}

function renderSize ({ population, paths, idle, table, overload, startedIn }: SizeResult): string[] {
  const rows = paths.map(result => {
    const ratios = ratiosOf(result)
    return [
      result.path,
      whole(median(result.kunci.map(({ rate }) => rate))),
      `${whole(median(result.against.rates))} (${result.against.name})`,
      `**${median(ratios).toFixed(2)}** (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
      latency(result.kunci),
      latency(result.reference),
      milliseconds(result.kunci, use => use.cpu),
      milliseconds(result.reference, use => use.cpu),
      milliseconds(result.kunci, use => use.delay.p99),
      megabytes(Math.max(...result.kunci.map(({ rss }) => rss)))
    ]
  })
  const pgbench = paths.flatMap(({ pgbench }) => pgbench ?? [])
  return [
    '',
    `## ${whole(population.sessions)} sessions, ${whole(population.accounts)} accounts`,
    '',
    ...paths.length === 0 ? [] : renderTable(['path', 'Kunci /s', 'against /s', 'ratio (rounds)', 'p50 / p99 ms', 'reference', 'CPU ms each', 'reference', 'loop late p99 ms', 'RSS MB'], rows),
    '',
    `Idle: Kunci ${megabytes(idle.kunci)} MB, reference ${megabytes(idle.reference)} MB. From start to ready: Kunci ${whole(startedIn.kunci)} ms, reference ${whole(startedIn.reference)} ms.`,
    ...pgbench.length === 0 ? [] : [`The rotation's UPDATE alone by pgbench, 16 clients: ${whole(median(pgbench))}/s.`],
    ...table === undefined ? [] : ['', ...renderTable(['table', 'updates', 'HOT', 'share', 'before MB', 'after MB', 'dead rows'], table.map(row => [row.name, whole(row.updates), whole(row.hot), row.updates === 0 ? '' : (row.hot / row.updates).toFixed(3), megabytes(row.before), megabytes(row.after), whole(row.dead)]))],
    ...overload === undefined ? [] : ['', `Under ${overload.offered} logins/s offered (${overload.served.toFixed(0)} served, answers ${JSON.stringify(overload.statuses)}):`, '', ...renderTable(['path', 'alone /s', 'beside /s', 'share', 'p99 ms'], overload.others.map(other => [other.path, whole(other.alone), whole(other.beside), (other.beside / other.alone).toFixed(2), String(other.p99)]))]
  ]
}

function renderGrowth (growth: Growth): string[] {
  const [smallest] = growth
  if (smallest === undefined) return []
  const rows = growth.map(({ sessions, rates }) => {
    const shares = rates.map((rate, round) => rate / (smallest.rates[round] ?? NaN))
    return [whole(sessions), whole(median(rates)), `${median(shares).toFixed(2)} (${Math.min(...shares).toFixed(2)} to ${Math.max(...shares).toFixed(2)})`]
  })
  return ['', '## Refresh, alternating between the sizes', '', ...renderTable(['sessions', 'Kunci /s', 'share of the smallest (rounds)'], rows)]
}

function renderTable (head: string[], rows: string[][]): string[] {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`)
}

function latency (rounds: PathResult['kunci']): string {
  return rounds.length === 0 ? '' : `${median(rounds.map(round => round.latency.p50)).toFixed(1)} / ${median(rounds.map(round => round.latency.p99)).toFixed(1)}`
}

function milliseconds (rounds: PathResult['kunci'], of: (use: Use) => number): string {
  return rounds.length === 0 ? '' : median(rounds.map(of)).toFixed(3)
}

function megabytes (bytes: number): string {
  return String(Math.round(bytes / 1e6))
}

function whole (value: number): string {
  return Math.round(value).toLocaleString('en')
}
