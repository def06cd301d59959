import type { GivenToken } from './access-token.js'

/** What tabs of one origin tell each other. */
export type Notice =
  /** a tab that has just opened asks for the others' token */
  | { type: 'hello' }
  /** a request whose answer sets the cookie is on its way: a refresh, or a sign-in, whose cookie must be the last one */
  | { type: 'busy', isSignIn: boolean }
  /** there is its answer, or there will be none */
  | { type: 'idle' }
  /** signed in, or refreshed */
  | { type: 'token' } & GivenToken
  /** this session is over, and all before it */
  | { type: 'signed-out', sessionId: string }

/** Milliseconds after which a tab that said it was busy is taken to be gone. */
const GONE = 15_000

/** @param base the API's URL: clients of several servers don't hear each other */
export function openTabs (base: string, hear: (notice: Notice) => void) {
  const channel = new BroadcastChannel(`kunci ${base}`)
  const from = Math.random()
  /** when they said so */
  const busy = new Map<number, number>()
  channel.onmessage = ({ data }: MessageEvent<Notice & { from: number }>) => {
    if (data.type === 'busy') busy.set(data.from, performance.now())
    else busy.delete(data.from)
    hear(data)
  }
  return {
    /** @returns whether another tab waits for an answer that sets the cookie */
    areBusy: () => [...busy.values()].some(since => performance.now() < since + GONE),
    tell (notice: Notice) { channel.postMessage({ ...notice, from }) },
    close () { channel.close() }
  }
}
