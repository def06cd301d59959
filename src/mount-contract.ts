import type { FastifyInstance } from 'fastify'
import accessTokens from '../plugins/access-tokens.js'
import grants from '../plugins/grants.js'
import refreshTokens from '../plugins/refresh-tokens.js'
import type { Config } from './config.js'
import type { Contract } from './contract.js'

/** @returns a contract with what is configured of its policy */
export function configuredContract (contract: Contract, { lifetimes, passwordLists }: Config): Contract {
  const { policy } = contract
  const { access, refresh } = lifetimes.get(policy.name) ?? { access: policy.accessLifetime, refresh: policy.sessionLifetime }
  const passwordRule = passwordLists.has(policy.name) ? { ...policy.passwordRule, refusesCommon: true } : policy.passwordRule
  return { ...contract, policy: { ...policy, accessLifetime: access, sessionLifetime: refresh, passwordRule } }
}

/** Serves a contract in a scope of its own: its failures, its tokens, its endpoints, all beneath its prefix. */
export async function mountContract (app: FastifyInstance, { policy, renderProblem, endpoints }: Contract, prefix: string, { cookie, refreshGrace }: Config): Promise<void> {
  await app.register(async scope => {
    scope.addHook('onRoute', route => { route.schema = { tags: [policy.name], ...route.schema } })
    scope.renderProblems(scope, renderProblem)
    scope.recordRefusedTokens(scope, policy.name)
    await scope.register(accessTokens, { policy })
    await scope.register(refreshTokens, { policy })
    await scope.register(grants, { policy, refreshGrace })
    await scope.register(endpoints, { policy, cookie })
  }, { prefix })
}
