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
