import { useState } from 'preact/hooks'
import { Form } from '../components/form.js'
import { PasswordField, TextField } from '../components/field.js'
import { Loaded } from '../components/loaded.js'
import { Message } from '../components/message.js'
import { Title } from '../components/title.js'
import { day, says } from '../language.js'
import { useLoading } from '../loading.js'
import { client } from '../session.js'
import type { Profile as AccountProfile } from '../../src/client/client.js'

export function Profile () {
  const loading = useLoading(client.profile)
  return (
    <>
      <Title>{says.profile.title}</Title>
      <section class='card' aria-label={says.profile.facts}>
        <Loaded of={loading}>{profile => <Facts profile={profile} />}</Loaded>
      </section>
      {loading.value !== undefined && <UsernameForm profile={loading.value} show={loading.set} />}
      {loading.value !== undefined && <EmailForm profile={loading.value} />}
    </>
  )
}

function Facts ({ profile }: { profile: AccountProfile }) {
  const facts = [
    [says.username, profile.username ?? says.profile.none],
    [says.outlet, profile.outlet?.name ?? says.profile.none],
    [says.role, profile.role?.name ?? says.profile.none],
    [says.profile.since, day(profile.createdAt)]
  ] as const
  return (
    <dl class='facts'>
      <div>
        <dt>{says.email}</dt>
        <dd>{profile.email} <span class={`badge ${profile.isConfirmed ? 'own' : ''}`}>{profile.isConfirmed ? says.profile.verified : says.profile.unverified}</span></dd>
      </div>
      {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  )
}

function UsernameForm ({ profile, show }: { profile: AccountProfile, show: (profile: AccountProfile) => void }) {
  const [isDone, setDone] = useState(false)

  async function send ({ username = '' }: Record<string, string>): Promise<void> {
    setDone(false)
    show(await client.updateProfile({ username }))
    setDone(true)
  }

  return (
    <section class='card'>
      <h2>{says.profile.usernameTitle}</h2>
      <Form submit={says.profile.usernameSubmit} kind='second' send={send}>
        <TextField name='username' label={says.username} hint={says.usernameHint} autocomplete='nickname' value={profile.username ?? ''} />
      </Form>
      <Message>{isDone && says.profile.usernameDone}</Message>
    </section>
  )
}

function EmailForm ({ profile }: { profile: AccountProfile }) {
  const [sentTo, setSentTo] = useState<string>()

  async function send ({ email = '', currentPassword = '' }: Record<string, string>): Promise<void> {
    setSentTo(undefined)
    await client.updateProfile({ email, currentPassword })
    setSentTo(email)
  }

  return (
    <section class='card'>
      <div class='heading'>
        <h2>{says.profile.emailTitle}</h2>
        <p class='quiet'>{says.profile.emailText}</p>
      </div>
      <Form key={profile.email} submit={says.profile.emailSubmit} kind='second' send={send}>
        <TextField name='email' label={says.profile.newEmail} type='email' autocomplete='email' />
        <PasswordField name='currentPassword' label={says.currentPassword} autocomplete='current-password' />
      </Form>
      <Message>{sentTo !== undefined && says.profile.emailDone(sentTo)}</Message>
    </section>
  )
}
