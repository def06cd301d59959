import { useState } from 'preact/hooks'
import { KunciError } from '../../src/client/client.js'
import { NewPasswordFields, PasswordField } from '../components/field.js'
import { Form } from '../components/form.js'
import { Message } from '../components/message.js'
import { Title } from '../components/title.js'
import { says } from '../language.js'
import { useLoading } from '../loading.js'
import { client } from '../session.js'

export function Password () {
  const profile = useLoading(client.profile)
  // A new form each time: what was typed into the last is no use any more.
  const [changes, setChanges] = useState(0)

  async function send ({ oldPassword = '', newPassword = '', confirmPassword = '' }: Record<string, string>): Promise<void> {
    // The contract takes the new password once; that it was typed twice alike is for this page to see.
    if (confirmPassword !== newPassword) throw new KunciError(400, 'Validation failed', ['confirmPassword must match password'], undefined)
    await client.changePassword({ oldPassword, newPassword })
    setChanges(changes + 1)
  }

  return (
    <>
      <Title>{says.changePassword.title}</Title>
      <section class='card' aria-label={says.changePassword.title}>
        <p class='quiet'>{says.changePassword.text}</p>
        <Message>{changes > 0 && says.changePassword.done}</Message>
        <Form key={changes} submit={says.changePassword.submit} send={send}>
          {/* Tells a password manager whose password it is. */}
          <input class='only-heard' type='email' autocomplete='username' value={profile.value?.email ?? ''} readOnly tabIndex={-1} aria-hidden='true' />
          <PasswordField name='oldPassword' label={says.currentPassword} autocomplete='current-password' />
          <NewPasswordFields name='newPassword' label={says.newPassword} />
        </Form>
      </section>
    </>
  )
}
