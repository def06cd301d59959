import { type Config } from '../config.js'
import { contracts } from '../contracts.js'
import type { ContractPolicy } from '../domain/policy.js'
import { configuredContract } from '../mount-contract.js'
import { UsageError } from './refusal.js'

/** The contract whose rule passwords keep that are set here, and whose mails are sent where it is served. */
const PRIMARY = 'outlet'

/** @returns the policy whose rule passwords keep that are set here */
export function primaryPolicy (config: Config): ContractPolicy {
  return policyOf(config, PRIMARY)
}

/**
 * @param name of the contract whose page and language a mail has; without one the primary contract where it is served, else the first
 * @throws UsageError for one that is not served
 */
export function mailPolicy (config: Config, name: string | undefined): ContractPolicy {
  const served = config.contracts.map(mount => mount.name)
  if (name !== undefined && !served.includes(name)) throw new UsageError(`--contract was ${JSON.stringify(name)}, but takes one that is served: ${served.join(', ')}`)
  return policyOf(config, name ?? (served.includes(PRIMARY) ? PRIMARY : served[0] ?? PRIMARY))
}

function policyOf (config: Config, name: string): ContractPolicy {
  const contract = contracts.find(({ policy }) => policy.name === name)
  if (contract === undefined) throw new Error(`no contract ${name}`)
  return configuredContract(contract, config).policy
}
