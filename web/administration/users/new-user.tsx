import { TextField } from '../../components/field.js'
import { Form } from '../../components/form.js'
import { says } from '../../language.js'
import { api, type User } from '../api.js'
import { OutletField, RoleField } from '../parts/choice-fields.js'
import { Dialog } from '../parts/dialog.js'
import { filled } from '../parts/filled.js'
import { tells } from '../sentences.js'

/** Makes an account whose owner chooses the password. */
export function NewUser ({ onClose, onAdded }: { onClose: () => void, onAdded: (user: User) => void }) {
  async function send (values: Record<string, string>): Promise<void> {
    const { email = '', role_id: roleId = '' } = values
    onAdded(await api.createUser({ email, role_id: roleId, ...filled(values, 'username', 'name', 'phone', 'outlet_id') }))
  }
  return (
    <Dialog title={tells.users.add} text={tells.users.addText} onClose={onClose}>
      <Form submit={tells.users.add} send={send}>
        <TextField name='email' label={says.email} type='email' autocomplete='off' />
        <RoleField />
        <OutletField />
        <NameFields />
      </Form>
    </Dialog>
  )
}

/** What an account may be called. */
export function NameFields ({ user }: { user?: User }) {
  return (
    <>
      <TextField name='name' label={says.name} autocomplete='off' value={user?.name ?? ''} isOptional />
      <TextField name='username' label={says.username} hint={says.usernameHint} autocomplete='off' value={user?.username ?? ''} isOptional />
      <TextField name='phone' label={tells.user.phone} autocomplete='off' value={user?.phone ?? ''} isOptional />
    </>
  )
}
