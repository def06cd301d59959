import { useState } from 'preact/hooks'
import { KunciError, type Session } from '../../src/client/client.js'
import type { Device } from '../../src/domain/device.js'
import { Loaded } from '../components/loaded.js'
import { Message } from '../components/message.js'
import { Title } from '../components/title.js'
import { moment, says } from '../language.js'
import { useLoading } from '../loading.js'
import { type Trouble, troubleOf } from '../problems.js'
import { client } from '../session.js'
import { describeUserAgent } from '../user-agent.js'

export function Sessions () {
  const loading = useLoading(client.sessions)
  const [ended, setEnded] = useState<string>()
  const [trouble, setTrouble] = useState<Trouble>()

  async function attempt (act: () => Promise<void>): Promise<void> {
    setEnded(undefined)
    setTrouble(undefined)
    try {
      await act()
    } catch (error) {
      setTrouble(troubleOf(error))
    }
  }

  async function end (session: Session): Promise<void> {
    await attempt(async () => {
      // One that is over already is what was wanted.
      await client.revoke(session.id).catch((error: unknown) => { if (!(error instanceof KunciError && error.status === 404)) throw error })
      if (!session.current) loading.set(await client.sessions())
      setEnded(describeUserAgent(session.userAgent))
    })
  }

  return (
    <>
      <div class='heading'>
        <Title>{says.sessions.title}</Title>
        <p class='quiet'>{says.sessions.text}</p>
      </div>
      <section class='card' aria-label={says.sessions.title}>
        <Message>{ended !== undefined && says.sessions.ended(ended)}</Message>
        <Message isBad>{trouble?.message}</Message>
        <Loaded of={loading}>
          {sessions => (
            <ul class='rows'>
              {sessions.map(session => <Row key={session.id} session={session} onEnd={() => { void end(session) }} />)}
            </ul>
          )}
        </Loaded>
      </section>
      {loading.value !== undefined && (
        <section class='card' aria-label={says.sessions.endAll}>
          <p class='quiet'>{says.sessions.endAllText}</p>
          <div class='actions'><button class='button second' type='button' onClick={() => { void attempt(client.logoutAll) }}>{says.sessions.endAll}</button></div>
        </section>
      )}
    </>
  )
}

function Row ({ session, onEnd }: { session: Session, onEnd: () => void }) {
  const name = describeUserAgent(session.userAgent)
  const details = [says.sessions.devices[session.device as Device] ?? session.device, session.ip, session.contract].filter(part => part !== null).join(' · ')
  return (
    <li>
      <div class='about'>
        <p class='name'>{name} {session.current && <span class='badge own'>{says.sessions.here}</span>}</p>
        <p class='quiet small'>{details}</p>
        <p class='quiet small'>{says.sessions.lastUsed(moment(session.lastUsedAt))}, {says.sessions.began(moment(session.createdAt))}</p>
      </div>
      <button class='button second small' type='button' aria-label={says.sessions.endOf(name)} onClick={onEnd}>{says.sessions.end}</button>
    </li>
  )
}
