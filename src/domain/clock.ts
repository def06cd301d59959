/** The present moment. Injected, so that tests move time instead of waiting for it. */
export type Clock = () => Date

/** @returns the moment that lies `seconds` after `from` */
export function secondsAfter (from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000)
}
