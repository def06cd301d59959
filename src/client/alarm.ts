/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1

/**
 * A timer that is set anew when the page wakes: timers stand still while a machine sleeps, the clock does not.
 *
 * @param wait milliseconds until it is to ring, Infinity for never
 */
export function createAlarm (wait: () => number, ring: () => void, onWake: () => void): { set: () => void, close: () => void } {
  const closing = new AbortController()
  const { signal } = closing
  let timer: ReturnType<typeof setTimeout> | undefined
  function set (): void {
    clearTimeout(timer)
    const milliseconds = wait()
    if (!signal.aborted && milliseconds < Infinity) timer = setTimeout(ring, Math.min(milliseconds, LONGEST))
  }
  for (const waking of ['visibilitychange', 'pageshow', 'online']) {
    // There are none outside of a browser.
    globalThis.addEventListener?.(waking, () => {
      onWake()
      set()
    }, { signal })
  }
  return {
    set,
    close () {
      closing.abort()
      clearTimeout(timer)
    }
  }
}
