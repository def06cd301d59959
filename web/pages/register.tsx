import { useLocation } from 'preact-iso/router'
import { pagePaths } from '../../src/page-paths.js'
import { Form } from '../components/form.js'
import { NewPasswordFields, SelectField, TextField } from '../components/field.js'
import { Message } from '../components/message.js'
import { Title } from '../components/title.js'
import { says } from '../language.js'
import { useLoading } from '../loading.js'
import { rememberAddress, rememberedAddress } from '../remembered-address.js'
import { client } from '../session.js'
import { at } from '../settings.js'

export function Register () {
  const { route } = useLocation()
  const { value: choices, trouble } = useLoading(async () => {
    const [outlets, roles] = await Promise.all([client.outlets(), client.roles()])
    return { outlets, roles }
  })

  async function send ({ email = '', username = '', password = '', confirmPassword = '', outlet_id: outletId = '', role_id: roleId = '' }: Record<string, string>): Promise<void> {
    await client.register({ email, username, password, confirmPassword, outlet_id: outletId, role_id: roleId })
    rememberAddress(email)
    route(at(pagePaths.checkMail))
  }

  return (
    <div class='narrow'>
      <div class='card'>
        <Title>{says.register.title}</Title>
        <Message isBad>{trouble?.message}</Message>
        {choices?.outlets.length === 0 && <Message>{says.register.noChoice}</Message>}
        <Form submit={says.register.submit} send={send}>
          <TextField name='email' label={says.email} type='email' autocomplete='username' value={rememberedAddress()} />
          <TextField name='username' label={says.username} hint={says.usernameHint} autocomplete='nickname' />
          <NewPasswordFields />
          <SelectField name='outlet_id' label={says.outlet} choices={choices?.outlets} value={onlyOne(choices?.outlets)} />
          <SelectField name='role_id' label={says.role} choices={choices?.roles} value={choices?.roles.find(({ name }) => name === 'user')?.id ?? onlyOne(choices?.roles)} />
        </Form>
      </div>
      <div class='beneath'>
        <p>{says.register.known} <a href={at(pagePaths.signIn)}>{says.toSignIn}</a></p>
      </div>
    </div>
  )
}

function onlyOne (choices: ReadonlyArray<{ id: string }> | undefined): string | undefined {
  return choices?.length === 1 ? choices[0]?.id : undefined
}
