import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { forgetMailedToken, mailedToken } from '../mailed-token.js'
import { says } from '../language.js'
import type { Trouble } from '../problems.js'
import { Form } from './form.js'
import { Notice } from './notice.js'

interface MailStepProps {
  title: string
  text: string
  submit: string
  /** sends the token, with what was typed: nothing is sent before somebody asks for it */
  send: (token: string, values: Record<string, string>) => Promise<void>
  /** says what to do about a link that is no longer good */
  another?: ComponentChildren
  done: { title: string, text: string, next: ComponentChildren }
  children?: ComponentChildren
}

/** What a mail's link opens: a form that sends the link's token. */
export function MailStep ({ title, text, submit, send, another, done, children }: MailStepProps) {
  const [token] = useState(mailedToken)
  const [isDone, setDone] = useState(false)
  if (token === undefined) return <Notice title={says.token.missing} text={says.token.missingText}>{another}</Notice>
  if (isDone) return <Notice title={done.title} text={done.text}>{done.next}</Notice>

  async function sendToken (values: Record<string, string>): Promise<void> {
    await send(token ?? '', values)
    forgetMailedToken()
    setDone(true)
  }
  const explain = (trouble: Trouble) => another !== undefined && isAboutToken(trouble) ? <>{trouble.message} {another}</> : undefined

  return (
    <Notice title={title} text={text}>
      <Form submit={submit} send={sendToken} explain={explain}>{children}</Form>
    </Notice>
  )
}

function isAboutToken ({ code }: Trouble): boolean {
  return code === 'invalid_verification_token' || code === 'invalid_reset_token'
}
