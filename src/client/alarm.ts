const WAKINGS = ['visibilitychange', 'pageshow', 'online']
/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1

/**
 * A timer that is set anew when the page wakes: timers stand still while a machine sleeps, the clock does not.
 *
 * @param wait milliseconds until it is to ring, Infinity for never
 */
export function createAlarm (wait: () => number, ring: () => void, onWake: () => void): { set: () => void, close: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOpen = true
  function set (): void {
    clearTimeout(timer)
    const milliseconds = wait()
    if (isOpen && milliseconds < Infinity) timer = setTimeout(ring, Math.min(milliseconds, LONGEST))
  }
  function wake (): void {
    onWake()
    set()
  }
  // There are none outside of a browser.
  for (const waking of WAKINGS) globalThis.addEventListener?.(waking, wake)
  return {
    set,
    close () {
      isOpen = false
      clearTimeout(timer)
      for (const waking of WAKINGS) globalThis.removeEventListener?.(waking, wake)
    }
  }
}
