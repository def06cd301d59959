import type { ComponentChildren } from 'preact'

/**
 * Says what came of something, also to a screen reader: it is there from the start, so that what comes into it is heard.
 *
 * @param props `isBad`: whether it did not work
 */
export function Message ({ isBad = false, children }: { isBad?: boolean, children?: ComponentChildren }) {
  const isSaid = children !== undefined && children !== null && children !== false
  return (
    <div class='said' role={isBad ? 'alert' : 'status'}>
      {isSaid && <div class={`message ${isBad ? 'bad' : 'good'}`}>{children}</div>}
    </div>
  )
}
