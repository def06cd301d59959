import { useLocation } from 'preact-iso/router'
import { useEffect } from 'preact/hooks'
import { pagePaths } from '../../src/page-paths.js'
import { Form } from '../components/form.js'
import { PasswordField, TextField } from '../components/field.js'
import { Title } from '../components/title.js'
import { says } from '../language.js'
import type { Trouble } from '../problems.js'
import { rememberAddress, rememberedAddress } from '../remembered-address.js'
import { returnTo } from '../return.js'
import { client, useAuth } from '../session.js'
import { at } from '../settings.js'

export function SignIn () {
  const { status } = useAuth()
  const { route } = useLocation()

  useEffect(() => {
    if (status !== 'signed-in') return
    const path = returnTo.path ?? at(pagePaths.account)
    returnTo.path = undefined
    route(path, true)
  }, [status])

  async function send ({ email = '', password = '' }: Record<string, string>): Promise<void> {
    rememberAddress(email)
    await client.login({ email, password })
  }

  function explain ({ code }: Trouble) {
    if (code !== 'email_not_verified') return undefined
    return <>{says.signIn.unverified} <a href={at(pagePaths.checkMail)}>{says.signIn.sendAgain}</a></>
  }

  return (
    <div class='narrow'>
      <div class='card'>
        <Title>{says.signIn.title}</Title>
        <Form submit={says.signIn.submit} send={send} explain={explain}>
          <TextField name='email' label={says.email} type='email' autocomplete='username' value={rememberedAddress()} />
          <PasswordField name='password' label={says.password} autocomplete='current-password' />
        </Form>
      </div>
      <div class='beneath'>
        <p><a href={at(pagePaths.forgotPassword)}>{says.signIn.forgotten}</a></p>
        <p>{says.signIn.register} <a href={at(pagePaths.register)}>{says.toRegister}</a></p>
      </div>
    </div>
  )
}
