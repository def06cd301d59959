import { pagePaths } from '../../src/page-paths.js'
import { KunciError } from '../../src/client/client.js'
import { NewPasswordFields } from '../components/field.js'
import { MailStep } from '../components/mail-step.js'
import { says } from '../language.js'
import { isServed, recoverAccount } from '../other-contracts.js'
import { at } from '../settings.js'
import { NotFound } from './not-found.js'

/** Opened by member's mail for a forgotten password. */
export function RecoverAccount () {
  if (!isServed('member')) return <NotFound />

  async function send (token: string, { password = '', confirmPassword = '' }: Record<string, string>): Promise<void> {
    // The contract takes a password once; that it was typed twice alike is for this page to see.
    if (password !== confirmPassword) throw new KunciError(400, 'Validation failed', ['confirmPassword must match password'], undefined)
    await recoverAccount(token, password)
  }

  return (
    <MailStep
      title={says.recover.title} text={says.recover.text} submit={says.recover.submit} send={send}
      another={<a href={at(pagePaths.forgotPassword)}>{says.token.another}</a>}
      done={{ title: says.reset.done, text: says.reset.doneText, next: <a class='button' href={at(pagePaths.signIn)}>{says.toSignIn}</a> }}
    >
      <NewPasswordFields label={says.newPassword} hint={says.recover.hint} />
    </MailStep>
  )
}
