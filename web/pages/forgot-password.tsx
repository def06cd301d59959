import { useState } from 'preact/hooks'
import { pagePaths } from '../../src/page-paths.js'
import { Form } from '../components/form.js'
import { TextField } from '../components/field.js'
import { Notice } from '../components/notice.js'
import { says } from '../language.js'
import { rememberAddress, rememberedAddress } from '../remembered-address.js'
import { client } from '../session.js'
import { at } from '../settings.js'

export function ForgotPassword () {
  const [sentTo, setSentTo] = useState<string>()
  const back = <p class='small'><a href={at(pagePaths.signIn)}>{says.checkMail.back}</a></p>
  if (sentTo !== undefined) return <Notice title={says.forgotten.done} text={says.forgotten.doneText(sentTo)}>{back}</Notice>

  async function send ({ email = '' }: Record<string, string>): Promise<void> {
    await client.forgotPassword(email)
    rememberAddress(email)
    setSentTo(email)
  }

  return (
    <Notice title={says.forgotten.title} text={says.forgotten.text}>
      <Form submit={says.forgotten.submit} send={send}>
        <TextField name='email' label={says.email} type='email' autocomplete='username' value={rememberedAddress()} />
      </Form>
      {back}
    </Notice>
  )
}
