import type { FastifyPluginAsync } from 'fastify'
import type { ContractPolicy } from './domain/policy.js'
import type { CookieConfig } from './config.js'

/** What a contract's plugin is given when it is mounted. */
export interface ContractOptions {
  /** its policy, with the lifetimes that are configured */
  policy: ContractPolicy
  cookie: CookieConfig
  /** seconds during which a refresh token just replaced is answered with its successor again */
  refreshGrace: number
}

/** One API contract: a folder of routes/ exports it from its index. */
export interface Contract {
  policy: ContractPolicy
  /** where its document puts it, and where it stands when it is mounted by its bare name */
  documentedPrefix: string
  /** where it stands when all contracts are served */
  defaultPrefix: string
  plugin: FastifyPluginAsync<ContractOptions>
}
