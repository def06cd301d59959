import { join } from 'node:path'
import fastifyCookie from '@fastify/cookie'
import fastifyCors from '@fastify/cors'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { answerClientError } from '../plugins/client-error.js'
import clockPlugin from '../plugins/clock.js'
import database from '../plugins/database.js'
import errors, { createProblemRenderers } from '../plugins/errors.js'
import foreignReferences from '../plugins/foreign-references.js'
import gracefulClose from '../plugins/graceful-close.js'
import housekeeping from '../plugins/housekeeping.js'
import jsonBody from '../plugins/json-body.js'
import keys from '../plugins/keys.js'
import mailedTokens from '../plugins/mailed-tokens.js'
import mailer from '../plugins/mailer.js'
import openapi from '../plugins/openapi.js'
import originCheck from '../plugins/origin-check.js'
import passwords from '../plugins/passwords.js'
import publicUrl from '../plugins/public-url.js'
import rateLimit from '../plugins/rate-limit.js'
import redis from '../plugins/redis.js'
import refusedTokens from '../plugins/refused-tokens.js'
import requester from '../plugins/requester.js'
import requestLog from '../plugins/request-log.js'
import revocations from '../plugins/revocations.js'
import securityHeaders from '../plugins/security-headers.js'
import timeLimit from '../plugins/time-limit.js'
import tokenVerifier from '../plugins/token-verifier.js'
import { validator } from '../plugins/validation.js'
import admin from '../routes/admin/index.js'
import gateway from '../routes/gateway/index.js'
import health from '../routes/health/index.js'
import wellKnown from '../routes/well-known/index.js'
import pagesRoutes, { answerUnknownBy, servedPages, type ServedPages } from '../routes/pages/index.js'
import { readBuiltPages } from '../routes/pages/built-pages.js'
import { renderRootProblem } from '../routes/root-problem.js'
import { generatedSecret } from './auth-secret.js'
import type { Config } from './config.js'
import { ConfigError } from './config/variable.js'
import { contracts } from './contracts.js'
import type { Clock } from './domain/clock.js'
import { ensureAdministrator } from './domain/first-administrator.js'
import type { ContractPolicy } from './domain/policy.js'
import type { ListedContract } from './domain/revocation-list.js'
import { KEY_NOTICE } from './domain/signing-keys.js'
import { type LogDestination, logger } from './logger.js'
import { configuredContract, mountContract } from './mount-contract.js'
import { version } from './version.js'

/** Milliseconds that an answer may take: longer than a statement, shorter than those who ask wait. */
const TIME_LIMIT = 11_000

/**
 * Builds the application: what it stands on, then the contracts that are configured, each in a scope of its own. It is
 * ready to listen or to be injected into, and `close()` gives everything back.
 *
 * @param seams `clock`: the time, which tests move, the database's by default; `log`: where lines go, standard output by default
 * @throws ConfigError, SigningKeysLockedError, EmbeddedDatabaseError, or the database's or file system's own error
 */
export async function buildApp (config: Config, seams: { clock?: Clock, log?: LogDestination } = {}): Promise<FastifyInstance> {
  const known = contracts.map(contract => configuredContract(contract, config))
  const served = config.contracts.flatMap(({ name, prefix }) => known.filter(({ policy }) => policy.name === name).map(contract => ({ contract, prefix })))
  // Its access tokens are those of administrators.
  const outlet = served.find(({ contract }) => contract.policy.name === 'outlet')
  const longestLifetime = Math.max(...known.map(({ policy }) => policy.accessLifetime))
  const pages = config.pages ? await loadPages(config) : undefined
  const renderer = createProblemRenderers()
  const app = Fastify({
    logger: logger(config.logLevel, seams.log),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy.length === 0 ? false : config.trustProxy,
    bodyLimit: 64 * 1024,
    requestTimeout: 15_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2000 },
    forceCloseConnections: 'idle',
    // Requests that come on open connections while the server closes are still answered.
    return503OnClosing: false,
    allowErrorHandlerOverride: false,
    // A token in a path may be any text: what is wrong with it is the contract's to say.
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: renderer.frameworkErrors,
    clientErrorHandler: answerClientError,
    ajv: validator(config.phoneRegion)
  })
  try {
    await app.register(timeLimit, { limit: TIME_LIMIT })
    await app.register(gracefulClose)
    await app.register(requester)
    await app.register(requestLog)
    await app.register(errors, { renderer })
    app.renderProblems(app, renderRootProblem, pages === undefined ? undefined : answerUnknownBy(pages))
    await app.register(jsonBody)
    await app.register(securityHeaders)
    await app.register(fastifyCors, { origin: config.corsOrigins, credentials: true, strictPreflight: false, methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], exposedHeaders: ['Retry-After'], maxAge: 600 })
    // Without its hooks: each plugin reads its own cookies, also several of one name, and writes them.
    await app.register(fastifyCookie, { hook: false })
    await app.register(openapi, { version, cookieName: config.cookie.name, apis: [...config.contracts.map(mount => mount.name), ...outlet === undefined ? [] : ['admin']] })

    await app.register(database, { url: config.databaseUrl, directUrl: config.databaseDirectUrl, dataDir: config.dataDir })
    await app.register(clockPlugin, { clock: seams.clock })
    await app.register(redis, { url: config.redisUrl })
    // After the embedded database, which makes the folder so that its own account gets through.
    await app.register(keys, {
      secrets: config.secrets ?? [await generatedSecret(config.dataDir)],
      plan: { algorithm: config.jwtAlgorithm, maxAge: config.keyMaxAge, notice: KEY_NOTICE },
      longestLifetime
    })
    await app.register(revocations, { staleness: config.revocationStaleness, contracts: served.map(({ contract }) => listed(contract.policy)) })
    await app.register(mailedTokens)
    await app.register(passwords, { accountLimit: config.rateLimit ? config.accountLimit : undefined, workers: config.workers })
    await app.register(publicUrl, { configured: config.publicUrl, host: config.host, port: config.port })
    await app.register(foreignReferences, { contracts: known.map(({ policy }) => policy.name) })
    await app.register(tokenVerifier)
    await app.register(refusedTokens)
    await app.register(rateLimit, { enabled: config.rateLimit })
    await app.register(originCheck, { allowed: config.corsOrigins })
    await app.register(mailer, {
      smtpUrl: config.smtpUrl,
      folder: join(config.dataDir, 'mail'),
      from: config.mailFrom,
      appUrls: config.appUrls,
      logsLinks: !config.production
    })

    await app.register(housekeeping, { longestLifetime })

    await makeAdministrator(app, config)
    await app.register(health, { prefix: '/health' })
    await app.register(wellKnown, { prefix: '/.well-known' })
    await app.register(gateway, { prefix: '/gateway', trustProxy: config.trustProxy })
    for (const { contract, prefix } of served) await mountContract(app, contract, prefix, config)
    if (outlet !== undefined) await app.register(admin, { prefix: '/admin', policy: outlet.contract.policy })
    if (pages !== undefined) await app.register(pagesRoutes, { pages })
    else if (config.pages) app.log.warn('the pages are not built, and none are served: run npm run build, or set PAGES=off')
    await app.ready()
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

async function loadPages ({ publicUrl, contracts }: Config): Promise<ServedPages | undefined> {
  const built = await readBuiltPages()
  // Behind a gateway that takes a path away, browsers have it before every path.
  const base = publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/$/, '')
  return built === undefined ? undefined : servedPages(built, { base, contracts })
}

function listed ({ name, accessLifetime, sessionLifetime }: ContractPolicy): ListedContract {
  return { name, accessLifetime, refreshes: sessionLifetime > accessLifetime }
}

async function makeAdministrator (app: FastifyInstance, { administrator }: Config): Promise<void> {
  if (administrator === undefined) return
  const outcome = await ensureAdministrator(app.db, app.passwords, administrator, app.clock())
  if (outcome === 'username_taken') throw new ConfigError(`ADMIN_USERNAME was ${JSON.stringify(administrator.username)}, but takes a name that no other account has`)
  if (outcome === 'no_administrator') app.log.warn('the account of ADMIN_EMAIL exists and is no administrator: it stays as it is')
  if (outcome === 'another') app.log.warn('there is an administrator under another address: that of ADMIN_EMAIL was not made')
  if (outcome === 'made') app.log.info('the first administrator was made')
}
