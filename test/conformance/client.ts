import type { Kunci } from '../helper.js'

/** @returns what sends a request to a contract's endpoint, by its path beneath the prefix */
export function clientOf ({ app }: Kunci, prefix: string) {
  return async (method: 'GET' | 'PATCH' | 'POST', path: string, body?: object, headers: Record<string, string> = {}) =>
    await app.inject({ method, url: `${prefix}${path}`, headers, ...body === undefined ? {} : { payload: body } })
}
