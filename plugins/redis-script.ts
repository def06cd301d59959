import { createHash } from 'node:crypto'

/** A Lua script, which Redis runs as one step. */
export interface RedisScript {
  text: string
  sha1: string
}

export function redisScript (text: string): RedisScript {
  return { text, sha1: createHash('sha1').update(text).digest('hex') }
}
