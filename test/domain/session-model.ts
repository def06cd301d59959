export const GRACE = 30
export const LIFETIME = 600

/** One account's session as docs/sessions.md tells of it; times in seconds since the beginning. */
export interface Session {
  generation: number
  /** how often it was rotated: as often as there is an event of it */
  rotations: number
  rotatedAt: number
  expiresAt: number
  ended: 'replay' | 'logout' | 'logout_all' | 'revoked_by_owner' | null
}

/** By the number that each session got from the command that began it. */
export type Sessions = ReadonlyArray<Session | undefined>

interface Token { session: number, counter: number }

export type Command =
  | { kind: 'sign in', session: number }
  | { kind: 'refresh', tokens: Token[] }
  | { kind: 'sign out', sessions: number[] }
  | { kind: 'sign out everywhere', asking: number }
  | { kind: 'revoke', asking: number, session: number }

/** @returns what the command answers at this moment, and what is afterwards */
function answer (sessions: Sessions, command: Command, now: number): [outcome: string, after: Sessions] {
  const live = (number: number) => {
    const session = sessions[number]
    return session !== undefined && session.ended === null && now < session.expiresAt ? session : undefined
  }
  const changed = (number: number, change: Session) => Object.assign([...sessions], { [number]: change })
  const ended = (numbers: number[], reason: Session['ended']) => sessions.map((session, number) => {
    return session !== undefined && numbers.includes(number) && live(number) !== undefined ? { ...session, ended: reason } : session
  })

  switch (command.kind) {
    case 'sign in': return ['signed in', changed(command.session, { generation: 1, rotations: 0, rotatedAt: now, expiresAt: now + LIFETIME, ended: null })]
    case 'refresh': {
      // A session's turn comes with the first of its tokens, whichever of them is the newest.
      const newest = [...new Set(command.tokens.map(token => token.session))].map(session => {
        return { session, counter: Math.max(...command.tokens.filter(token => token.session === session).map(token => token.counter)) }
      })
      const replayed: number[] = []
      for (const { session: number, counter } of newest) {
        const session = live(number)
        if (session === undefined) continue
        const successor = granted(number, counter + 1, session.expiresAt)
        if (counter >= session.generation) return [successor, changed(number, { ...session, generation: counter + 1, rotations: session.rotations + 1, rotatedAt: now })]
        if (counter === session.generation - 1 && now - session.rotatedAt < GRACE) return [successor, sessions]
        replayed.push(number)
      }
      return ['invalid_refresh_token', ended(replayed, 'replay')]
    }
    case 'sign out':
      return command.sessions.some(live) ? ['done', ended(command.sessions, 'logout')] : ['invalid_access_token', sessions]
    case 'sign out everywhere':
      return live(command.asking) === undefined ? ['invalid_access_token', sessions] : ['done', ended([...sessions.keys()], 'logout_all')]
    case 'revoke':
      if (live(command.asking) === undefined) return ['invalid_access_token', sessions]
      return live(command.session) === undefined ? ['session_not_found', sessions] : ['done', ended([command.session], 'revoked_by_owner')]
  }
}

export function granted (session: number, generation: number, expiresAt: number): string {
  return `session ${session}, generation ${generation}, until ${expiresAt}`
}

/** @returns every state in which some order of the commands leaves one of those before, each answering as it was seen to; none when no order explains it */
export function explained (before: readonly Sessions[], seen: ReadonlyArray<{ command: Command, outcome: string }>, now: number): Sessions[] {
  const after: Sessions[] = []
  const visited = new Set<string>()
  function follow (state: Sessions, left: number): void {
    const key = `${left} ${JSON.stringify(state)}`
    if (visited.has(key)) return
    visited.add(key)
    if (left === 0) after.push(state)
    for (const [index, { command, outcome }] of seen.entries()) {
      if ((left & 1 << index) === 0) continue
      const [expected, next] = answer(state, command, now)
      if (expected === outcome) follow(next, left & ~(1 << index))
    }
  }
  for (const state of before) follow(state, (1 << seen.length) - 1)
  return after
}

/** @returns what a database holds that lost its last writes: each session's last few rotations */
export function withWritesLost (sessions: Sessions, rotations: number): Sessions {
  return sessions.map(session => session && { ...session, generation: Math.max(1, session.generation - rotations) })
}
