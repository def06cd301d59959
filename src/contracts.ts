import type { Contract } from './contract.js'

/** Every contract that can be served: a line each, in the order in which they are mounted and named. */
const folders: Array<Promise<{ default: Contract }>> = [
  import('../routes/outlet/index.js'),
  import('../routes/console/index.js'),
  import('../routes/donation/index.js'),
  import('../routes/member/index.js'),
  import('../routes/signin/index.js')
]

export const contracts: readonly Contract[] = (await Promise.all(folders)).map(folder => folder.default)

/** @throws Error where there is none of that name, which the configuration has made sure of */
export function contractNamed (name: string): Contract {
  const contract = contracts.find(known => known.policy.name === name)
  if (contract === undefined) throw new Error(`no contract is named ${name}`)
  return contract
}
