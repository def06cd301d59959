import { pagePaths } from '../../src/page-paths.js'
import { MailStep } from '../components/mail-step.js'
import { says } from '../language.js'
import { client, useAuth } from '../session.js'
import { at } from '../settings.js'

export function VerifyEmail () {
  const isIn = useAuth().status === 'signed-in'
  return (
    <MailStep
      title={says.verify.title} text={says.verify.text} submit={says.verify.submit}
      send={async token => { await client.verify(token) }}
      another={<a href={at(pagePaths.checkMail)}>{says.token.another}</a>}
      done={{
        title: says.verify.done,
        text: isIn ? says.verify.doneSignedIn : says.verify.doneText,
        next: isIn
          ? <a class='button' href={at(pagePaths.account)}>{says.toAccount}</a>
          : <a class='button' href={at(pagePaths.signIn)}>{says.toSignIn}</a>
      }}
    />
  )
}
