import { pagePaths } from '../../src/page-paths.js'
import { NewPasswordFields } from '../components/field.js'
import { MailStep } from '../components/mail-step.js'
import { says } from '../language.js'
import { client } from '../session.js'
import { at } from '../settings.js'

export function ResetPassword () {
  return (
    <MailStep
      title={says.reset.title} text={says.reset.text} submit={says.reset.submit}
      send={async (token, { password = '', confirmPassword = '' }) => { await client.resetPassword({ token, password, confirmPassword }) }}
      another={<a href={at(pagePaths.forgotPassword)}>{says.token.another}</a>}
      done={{ title: says.reset.done, text: says.reset.doneText, next: <a class='button' href={at(pagePaths.signIn)}>{says.toSignIn}</a> }}
    >
      <NewPasswordFields label={says.newPassword} />
    </MailStep>
  )
}
