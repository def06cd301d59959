import { outlet } from '../routes/outlet/index.js'
import type { Contract } from './contract.js'

/** Every contract that can be served. */
export const contracts: readonly Contract[] = [outlet]
