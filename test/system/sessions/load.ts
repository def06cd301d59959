import { setTimeout as wait } from 'node:timers/promises'
import { claimsOf, type Jwk, kidOf, verifiesWith } from '../../published-keys.js'
import type { Pair } from './servers.js'

/** An access token as its client got it; times in milliseconds since 1970. */
export interface Issued {
  token: string
  kid: string
  askedAt: number
  answeredAt: number
  expiresAt: number
}

/** Clients that refresh at both instances and ask them with their tokens, and gateways that know nothing but the published keys. */
export class Load {
  /** of every answer */
  readonly statuses: number[] = []
  readonly issued: Issued[] = []
  /** keys of good tokens that a gateway could not verify, or that were not published while tokens of theirs were alive */
  readonly missing: string[] = []
  readonly #pair: Pair
  /** what each gateway keeps, one at each instance; it fetches the keys anew for one that it does not know */
  readonly #kept: Array<Promise<{ keys: Jwk[] }>>
  #isOver = false

  constructor (pair: Pair) {
    this.#pair = pair
    this.#kept = pair.map(async server => await server.keys())
  }

  /** @returns once `over` has come about */
  async until (over: Promise<void>, clients: number): Promise<void> {
    const running = [this.#watch()]
    for (let client = 0; client < clients; client++) running.push(this.#live((await this.#pair[0].login()).cookie))
    try {
      await Promise.race([over, Promise.all(running)])
    } finally {
      this.#isOver = true
      await Promise.all(running)
    }
  }

  async #live (cookie: string): Promise<void> {
    const held: Issued[] = []
    for (let round = 0; !this.#isOver; round++) {
      const askedAt = Date.now()
      const answer = await this.#pair[round % 2 === 0 ? 0 : 1].refresh(cookie)
      this.statuses.push(answer.status)
      if (answer.status !== 200) return
      cookie = answer.cookie
      const newest = { token: answer.accessToken, kid: kidOf(answer.accessToken), askedAt, answeredAt: Date.now(), expiresAt: claimsOf(answer.accessToken).exp * 1000 }
      held.push(newest)
      this.issued.push(newest)
      // What is asked while it expires may be answered either way.
      while (held[0] !== undefined && held[0].expiresAt < Date.now() + 1000) held.shift()
      await Promise.all([newest, held[0] ?? newest].map(async issued => { await this.#ask(issued) }))
      await wait(20)
    }
  }

  async #ask ({ token, kid }: Issued): Promise<void> {
    this.statuses.push(...await Promise.all(this.#pair.map(async server => await server.profile(token))))
    for (const [at, server] of this.#pair.entries()) {
      const kept = this.#kept[at]
      if (kept !== undefined && verifiesWith((await kept).keys, token)) continue
      const fetched = server.keys()
      this.#kept[at] = fetched
      if (!verifiesWith((await fetched).keys, token)) this.missing.push(kid)
    }
  }

  /** Looks at what is published, again and again. */
  async #watch (): Promise<void> {
    while (!this.#isOver) {
      for (const server of this.#pair) {
        const needed = new Set(this.issued.filter(({ expiresAt }) => expiresAt > Date.now() + 1000).map(({ kid }) => kid))
        for (const { kid } of (await server.keys()).keys) needed.delete(kid)
        this.missing.push(...needed)
      }
      await wait(200)
    }
  }
}
