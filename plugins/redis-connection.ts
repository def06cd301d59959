import { createClient, ErrorReply } from '@redis/client'
import { type RedisScript, redisScript } from './redis-script.js'

/** The longest that a command is waited for, in milliseconds. */
const PATIENCE = 250

/** The longest that a connection may take until it is of use, in milliseconds. */
const OPENING = 1000

/** How often a connection is looked at that may be dead without knowing, in milliseconds. */
const EVERY = 1000

/** Redis cannot be reached, or does not answer in time. */
export class RedisAwayError extends Error {}

const takesWrites = redisScript("return redis.call('SET', KEYS[1], '', 'PX', 10000)")

/** Two connections to a Redis, one for commands and one that listens, which live and die together. */
export interface RedisConnection {
  /**
   * @throws ErrorReply when Redis refuses the script; RedisAwayError when it does not answer, which is the end of the connection
   */
  run: (script: RedisScript, keys: string[], args: string[]) => Promise<unknown>
  /** @throws whatever keeps it from listening, which is the end of the connection */
  subscribe: (channel: string, listener: (message: string) => void) => Promise<void>
  /** resolves with why the connection has ended, as a code */
  lost: Promise<string>
  close: () => void
}

/**
 * Opens a connection, and looks every second whether it still answers and takes writes.
 *
 * @param url redis:// or rediss:// URL
 * @param probe the key that is written to find out
 * @throws ErrorReply, RedisAwayError, or the network's own error
 */
export async function openRedis (url: string, probe: string): Promise<RedisConnection> {
  const commands = client(url)
  const subscriber = client(url)
  let lose: (reason: string) => void = () => {}
  const lost = new Promise<string>(resolve => { lose = resolve })
  for (const each of [commands, subscriber]) each.on('error', (error: unknown) => { lose(redisFailure(error)) })

  async function run (script: RedisScript, keys: string[], args: string[]): Promise<unknown> {
    try {
      return await within(PATIENCE, evaluate(script, { keys, arguments: args }))
    } catch (error) {
      if (error instanceof ErrorReply) throw error
      lose(redisFailure(error))
      throw new RedisAwayError()
    }
  }

  async function evaluate ({ text, sha1 }: RedisScript, options: { keys: string[], arguments: string[] }): Promise<unknown> {
    try {
      return await commands.evalSha(sha1, options)
    } catch (error) {
      // A Redis that was started anew has forgotten its scripts.
      if (!(error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))) throw error
      return await commands.eval(text, options)
    }
  }

  async function subscribe (channel: string, listener: (message: string) => void): Promise<void> {
    try {
      await within(PATIENCE, subscriber.subscribe(channel, listener))
    } catch (error) {
      lose(redisFailure(error))
      throw error
    }
  }

  async function look (): Promise<void> {
    await Promise.all([run(takesWrites, [probe], []), within(PATIENCE, subscriber.ping())])
  }

  const timer = setInterval(() => { look().catch((error: unknown) => { lose(redisFailure(error)) }) }, EVERY).unref()
  function close (): void {
    clearInterval(timer)
    for (const each of [commands, subscriber]) each.destroy()
    lose('closed')
  }

  async function connect (): Promise<void> {
    await Promise.all([commands.connect(), subscriber.connect()])
    await look()
  }
  try {
    await within(OPENING, connect())
  } catch (error) {
    close()
    throw error
  }
  return { run, subscribe, lost, close }
}

/**
 * @returns what Redis it is, such as `Redis 7.0.15`
 * @throws ErrorReply, RedisAwayError, or the network's own error
 */
export async function describeRedis (url: string): Promise<string> {
  const commands = client(url)
  commands.on('error', () => {})
  try {
    await within(OPENING, commands.connect())
    await within(OPENING, commands.ping())
    const [, version = 'of a version that it does not tell'] = /^redis_version:(\S+)/m.exec(await within(OPENING, commands.info('server'))) ?? []
    return `Redis ${version}`
  } finally {
    commands.destroy()
  }
}

/** @returns what went wrong, as a code alone: a message may name the host or repeat a credential */
export function redisFailure (error: unknown): string {
  if (error instanceof ErrorReply) return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR'
  if (error instanceof RedisAwayError) return 'TIMEOUT'
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error ? String(error.code) : error.constructor.name
}

/** Neither finds its own way back nor keeps commands for later: a Redis that hangs would not be noticed by either. */
function client (url: string) {
  return createClient({
    url,
    name: 'kunci',
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // The client's own limit ends with the sending.
    commandOptions: { timeout: 0 },
    socket: { connectTimeout: OPENING, reconnectStrategy: false }
  })
}

async function within<Result> (milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    // An answer that came while this process was busy is read before it counts as missing.
    timer = setTimeout(() => { setImmediate(() => { reject(new RedisAwayError('it does not answer')) }) }, milliseconds)
  })
  return await Promise.race([work, tooLate]).finally(() => { clearTimeout(timer) })
}
