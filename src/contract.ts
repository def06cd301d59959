import type { FastifyPluginAsync } from 'fastify'
import type { RenderProblem } from '../plugins/errors.js'
import type { CookieConfig } from './config.js'
import type { ContractPolicy } from './domain/policy.js'

/** What a contract's endpoints are given when it is mounted. */
export interface ContractOptions {
  /** its policy, with what is configured */
  policy: ContractPolicy
  cookie: CookieConfig
}

/** One API contract: the default export of a folder's index below routes/. */
export interface Contract {
  policy: ContractPolicy
  /** where its document puts it, and where it stands when it is mounted by its bare name */
  documentedPrefix: string
  /** where it stands when all contracts are served */
  defaultPrefix: string
  /** its shape and words for everything that can go wrong */
  renderProblem: RenderProblem
  /** registers its endpoints, in a scope that has its access and refresh tokens */
  endpoints: FastifyPluginAsync<ContractOptions>
}
