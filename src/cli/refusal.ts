/** A command that cannot be done, with a sentence that says why and what can. Exit code 1. */
export class Refusal extends Error {}

/** A command that was given in a way that it does not take. Exit code 2. */
export class UsageError extends Error {}

/** The command was told to end by a signal; what it had begun is closed by then. */
export class Interrupted extends Error {
  readonly signal: NodeJS.Signals
  constructor (signal: NodeJS.Signals) {
    super(`ended by ${signal}`)
    this.signal = signal
  }
}

/** What failed stands in the output already. Exit code 1, and no line. */
export class AlreadySaid extends Error {}
