/** The present moment. Injected, so that tests move time instead of waiting for it. */
export type Clock = () => Date

/** Seconds by which a clock may be wrong, or be set, and nothing that is over comes back: an hour to either side. */
export const CLOCKS_APART = 2 * 3600

/** @returns the moment that lies `seconds` after `from` */
export function secondsAfter (from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000)
}
