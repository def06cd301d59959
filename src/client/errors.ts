/** What the server refused, or could not do. */
export class KunciError extends Error {
  override readonly name = 'KunciError'
  declare readonly status: number
  /** sentences about the fields that were sent, in the order of the contract's document */
  declare readonly errors: readonly string[]
  /** seconds after which to ask again, where the server says so */
  declare readonly retryAfter: number | undefined

  constructor (status: number, message: string, errors: readonly string[], retryAfter: number | undefined) {
    super(message)
    Object.assign(this, { status, errors, retryAfter })
  }

  /** @returns the sentences about one field, such as `email` */
  about (field: string): string[] {
    return this.errors.filter(sentence => sentence.startsWith(`${field} `))
  }
}

/** The server was not reached, its answer did not come in time, or what came is no answer of Kunci's. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  declare readonly status?: never
  declare readonly retryAfter?: never
}
