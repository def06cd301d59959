import { MailStep } from '../components/mail-step.js'
import { says } from '../language.js'
import { isServed, restoreEmail } from '../other-contracts.js'
import { NotFound } from './not-found.js'

/** Opened by donation's mail to an address that stands for an account no more. */
export function RestoreEmail () {
  if (!isServed('donation')) return <NotFound />
  return (
    <MailStep
      title={says.restore.title} text={says.restore.text} submit={says.restore.submit} send={restoreEmail}
      done={{ title: says.restore.done, text: says.restore.doneText, next: undefined }}
    />
  )
}
