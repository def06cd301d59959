/** What tabs of one origin tell each other. */
export type Notice =
  /** signed in, or refreshed; `askedAt` in milliseconds of the browser's clock, which its tabs share */
  | { type: 'token', token: string, askedAt: number }
  /** a sign-in is under way, whose cookie must be the last one */
  | { type: 'signing-in' }
  /** this session is over, and all before it; without one, whatever there is */
  | { type: 'signed-out', sessionId: string | undefined }

/** @param base the API's URL: clients of several servers don't hear each other */
export function openTabs (base: string, hear: (notice: Notice) => void): { tell: (notice: Notice) => void, close: () => void } {
  const channel = new BroadcastChannel(`kunci ${base}`)
  channel.onmessage = ({ data }: MessageEvent<Notice>) => { hear(data) }
  return {
    tell (notice) { channel.postMessage(notice) },
    close () { channel.close() }
  }
}
