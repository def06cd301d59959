import { pagePaths } from '../../src/page-paths.js'
import { NewPasswordFields, TextField } from '../components/field.js'
import { MailStep } from '../components/mail-step.js'
import { says } from '../language.js'
import { client } from '../session.js'
import { at } from '../settings.js'

export function AcceptInvitation () {
  async function send (token: string, { username = '', name = '', password = '', confirmPassword = '' }: Record<string, string>): Promise<void> {
    await client.registerInvited({ token, username, password, confirmPassword, ...name === '' ? {} : { name } })
  }

  return (
    <MailStep
      title={says.invitation.title} text={says.invitation.text} submit={says.invitation.submit} send={send}
      done={{ title: says.invitation.done, text: says.invitation.doneText, next: <a class='button' href={at(pagePaths.signIn)}>{says.toSignIn}</a> }}
    >
      <TextField name='username' label={says.username} hint={says.usernameHint} autocomplete='username' />
      <TextField name='name' label={says.name} autocomplete='name' isOptional />
      <NewPasswordFields />
    </MailStep>
  )
}
