import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

export interface Options {
  /** sessions in the database, one measurement each */
  sizes: number[]
  rounds: number
  /** that each side is loaded in a round */
  seconds: number
  connections: number
  paths: string[]
  /** whether the other paths are measured while logins come ten times as fast as they can be served */
  overload: boolean
  /** rotations after which the table is looked at; 0 for none */
  rotations: number
  /** a folder for CPU profiles of Kunci; undefined for none */
  profile: string | undefined
  /** whether the filled databases stay for the next run */
  keep: boolean
  dataDir: string
  results: string
}

export const pathNames = ['login', 'refresh', 'profile', 'verify', 'verify-token', 'register'] as const

export const help = `Measures Kunci beside a hand-made server that does nothing else, on one machine and in one run.

  npm run bench -- [options]

  --sizes 10k,1m,10m     sessions in the database (default 10k)
  --rounds 3             alternating rounds
  --seconds 10           that each side is loaded in a round
  --connections 50       at once; logins and registrations take ${4 * availableParallelism()}
  --paths a,b            of ${pathNames.join(', ')} (default all)
  --overload             logins at ten times what can be served, and what is left to the other paths
  --rotations 1m         rotate so many times, then look at the table
  --profile <folder>     CPU profiles of Kunci, and a summary of each
  --keep                 leave the filled databases for the next run
  --data-dir <folder>    of the embedded database (default .data/bench)
  --results <folder>     (default bench/results)
  --quick                one look at each path in under 90 seconds
  --help

DATABASE_URL names another PostgreSQL; databases named kunci_bench_… are made and dropped there.`

/**
 * @param args such as those after the script's name
 * @returns undefined where help was asked for
 * @throws Error that names what cannot be taken
 */
export function readOptions (args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      sizes: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      paths: { type: 'string' },
      rotations: { type: 'string' },
      profile: { type: 'string' },
      'data-dir': { type: 'string' },
      results: { type: 'string' },
      overload: { type: 'boolean' },
      keep: { type: 'boolean' },
      quick: { type: 'boolean' },
      help: { type: 'boolean' }
    }
  })
  if (values.help === true) return undefined
  const quick = values.quick === true
  const paths = values.paths?.split(',') ?? [...pathNames]
  const unknown = paths.find(path => path !== '' && !pathNames.some(name => name === path))
  if (unknown !== undefined) throw new Error(`--paths was ${JSON.stringify(unknown)}, but takes ${pathNames.join(', ')}`)
  return {
    sizes: (values.sizes ?? '10k').split(',').map(text => count('sizes', text)),
    rounds: count('rounds', values.rounds ?? (quick ? '1' : '3')),
    seconds: count('seconds', values.seconds ?? (quick ? '2' : '10')),
    connections: count('connections', values.connections ?? '50'),
    paths: paths.filter(path => path !== ''),
    overload: values.overload === true,
    rotations: values.rotations === undefined ? 0 : count('rotations', values.rotations),
    profile: values.profile,
    keep: values.keep === true,
    dataDir: values['data-dir'] ?? '.data/bench',
    results: values.results ?? 'bench/results'
  }
}

function count (option: string, text: string): number {
  const [, digits, unit] = /^([1-9]\d{0,8})([km]?)$/.exec(text.trim()) ?? []
  if (digits === undefined) throw new Error(`--${option} was ${JSON.stringify(text)}, but takes a whole number such as 50, 10k or 1m`)
  return Number(digits) * (unit === 'm' ? 1_000_000 : unit === 'k' ? 1000 : 1)
}
