import type { FastifyInstance } from 'fastify'
import accessTokens from '../plugins/access-tokens.js'
import grants from '../plugins/grants.js'
import refreshTokens from '../plugins/refresh-tokens.js'
import type { Config } from './config.js'
import type { Contract } from './contract.js'
import type { ContractPolicy } from './domain/policy.js'

/** Serves a contract in a scope of its own: its failures, its tokens, its endpoints, all beneath its prefix. */
export async function mountContract (app: FastifyInstance, contract: Contract, prefix: string, config: Config): Promise<void> {
  const policy = configuredPolicy(contract.policy, config)
  await app.register(async scope => {
    scope.addHook('onRoute', route => { route.schema = { tags: [policy.name], ...route.schema } })
    scope.renderProblems(scope, contract.renderProblem)
    await scope.register(accessTokens, { policy })
    await scope.register(refreshTokens, { policy })
    await scope.register(grants, { policy, refreshGrace: config.refreshGrace })
    await scope.register(contract.endpoints, { policy, cookie: config.cookie })
  }, { prefix })
}

function configuredPolicy (policy: ContractPolicy, { lifetimes, passwordLists }: Config): ContractPolicy {
  const { access, refresh } = lifetimes.get(policy.name) ?? { access: policy.accessLifetime, refresh: policy.sessionLifetime }
  const passwordRule = passwordLists.has(policy.name) ? { ...policy.passwordRule, refusesCommon: true } : policy.passwordRule
  return { ...policy, accessLifetime: access, sessionLifetime: refresh, passwordRule }
}
