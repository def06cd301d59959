import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type postgres from 'postgres'
import type { Chain } from './load.js'
import type { pathNames } from './options.js'
import { PASSWORD, type Population } from './population.js'
import { bearerChain, donationToken, loginChain, refreshChain, type Side } from './sides.js'

export type PathName = typeof pathNames[number]

export interface Path {
  name: PathName
  /** what Kunci is compared with */
  against: 'reference' | 'argon2id'
  connections: number
  /** Makes what each connection of a side sends in one round; undefined where the side has no such path. */
  prepare: (side: Side) => Promise<(connection: number) => Chain>
}

/** Sessions that one connection rotates in turn. */
const SESSIONS_EACH = 40

/** @param connections at once, but for what hashes passwords */
export function pathsOf (population: Population, connections: number, sql: postgres.Sql): Record<PathName, Path> {
  const hashing = 4 * availableParallelism()
  const known = new Map<string, Promise<string[]>>()
  const bearers = async (side: Side, path: string, token: (account: number) => Promise<string>) => {
    const tokens = await (known.get(side.name + path) ?? known.set(side.name + path, signInAll(token)).get(side.name + path)) ?? []
    return (connection: number) => bearerChain(path, tokens[connection] ?? '')
  }
  async function signInAll (token: (account: number) => Promise<string>): Promise<string[]> {
    const tokens: string[] = []
    for (let account = 0; account < connections; account++) tokens.push(await token(account % population.accounts))
    return tokens
  }
  return {
    login: {
      name: 'login',
      against: 'argon2id',
      connections: hashing,
      prepare: async side => connection => loginChain(side, connection)
    },
    refresh: {
      name: 'refresh',
      against: 'reference',
      connections,
      async prepare (side) {
        const sessions = await side.hold(drawn(Math.min(population.sessions, connections * SESSIONS_EACH), population.sessions))
        return connection => refreshChain(side, sessions.filter((_, at) => at % connections === connection))
      }
    },
    profile: { name: 'profile', against: 'reference', connections, prepare: async side => await bearers(side, side.paths.profile, side.token) },
    verify: { name: 'verify', against: 'reference', connections, prepare: async side => await bearers(side, side.paths.verify, side.token) },
    'verify-token': {
      name: 'verify-token',
      against: 'reference',
      connections,
      prepare: async side => await bearers(side, side.paths['verify-token'], side.name === 'kunci' ? async account => await donationToken(side, account) : side.token)
    },
    register: {
      name: 'register',
      against: 'argon2id',
      connections: hashing,
      async prepare () {
        const [chosen] = await sql<Array<{ outlet: string, role: string }>>`select outlets.id as outlet, roles.id as role from outlets, roles where roles.is_default limit 1`
        return () => registrationChain(chosen?.outlet ?? '', chosen?.role ?? '')
      }
    }
  }
}

function registrationChain (outlet: string, role: string): Chain {
  return {
    next () {
      const name = `new${randomInt(2 ** 47)}`
      const account = { email: `${name}@bench.test`, username: name, password: PASSWORD, confirmPassword: PASSWORD, outlet_id: outlet, role_id: role }
      return { method: 'POST', path: '/auth/register', headers: { 'content-type': 'application/json' }, body: JSON.stringify(account) }
    }
  }
}

/** @returns `count` different numbers below `below`, spread over all of them */
function drawn (count: number, below: number): number[] {
  const numbers = new Set<number>()
  while (numbers.size < count) numbers.add(randomInt(below))
  return [...numbers]
}
