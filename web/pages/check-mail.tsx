import { useState } from 'preact/hooks'
import { pagePaths } from '../../src/page-paths.js'
import { Form } from '../components/form.js'
import { TextField } from '../components/field.js'
import { Message } from '../components/message.js'
import { Notice } from '../components/notice.js'
import { says } from '../language.js'
import { rememberAddress, rememberedAddress } from '../remembered-address.js'
import { client } from '../session.js'
import { at } from '../settings.js'

export function CheckMail () {
  const address = rememberedAddress()
  const [isSent, setSent] = useState(false)

  async function send ({ email = '' }: Record<string, string>): Promise<void> {
    setSent(false)
    await client.resendVerification(email)
    rememberAddress(email)
    setSent(true)
  }

  return (
    <Notice title={says.checkMail.title} text={address === '' ? says.checkMail.sentSomewhere : says.checkMail.sent(address)}>
      <p class='quiet small'>{says.checkMail.notThere}</p>
      <Form submit={says.checkMail.again} kind='second' send={send}>
        <TextField name='email' label={says.email} type='email' autocomplete='username' value={address} />
      </Form>
      <Message>{isSent && says.checkMail.done}</Message>
      <p class='small'><a href={at(pagePaths.signIn)}>{says.checkMail.back}</a></p>
    </Notice>
  )
}
