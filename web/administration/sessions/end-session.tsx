import { useState } from 'preact/hooks'
import { KunciError } from '../../../src/client/client.js'
import { describeUserAgent } from '../../user-agent.js'
import { api, type Session } from '../api.js'
import { Confirmation } from '../parts/dialog.js'
import { useTell } from '../parts/outcome.js'
import { tells } from '../sentences.js'

/** The button that ends a session, and what asks whether that is meant. */
export function EndSession ({ session, onEnded }: { session: Session, onEnded: () => void }) {
  const tell = useTell()
  const [isAsking, setAsking] = useState(false)
  const name = describeUserAgent(session.userAgent)

  async function end (): Promise<void> {
    // One that is over already is what was wanted.
    await api.endSession(session.userId, session.id).catch((error: unknown) => { if (!(error instanceof KunciError && error.status === 404)) throw error })
    setAsking(false)
    tell(tells.sessions.ended)
    onEnded()
  }

  return (
    <>
      <button class='button second small' type='button' aria-label={tells.sessions.endOf(name)} onClick={() => { setAsking(true) }}>{tells.sessions.end}</button>
      {isAsking && <Confirmation title={tells.sessions.endTitle} text={`${name}. ${tells.sessions.endText}`} submit={tells.sessions.end} onClose={() => { setAsking(false) }} send={end} />}
    </>
  )
}
