import { Form } from '../../components/form.js'
import { FieldError } from '../../problems.js'
import { says } from '../../language.js'
import { api, type User } from '../api.js'
import { OutletField } from '../parts/choice-fields.js'
import { Dialog } from '../parts/dialog.js'
import { tells } from '../sentences.js'
import { NameFields } from './new-user.js'

/** Changes what is known of an account, of which only what was changed is sent. */
export function EditUser ({ user, onClose, onEdited }: { user: User, onClose: () => void, onEdited: (user: User) => void }) {
  async function send (values: Record<string, string>): Promise<void> {
    const change: Parameters<typeof api.changeUser>[1] = {}
    for (const field of ['name', 'username', 'phone'] as const) {
      const typed = values[field] ?? ''
      if (typed === (user[field] ?? '')) continue
      // A name can be replaced, not taken away.
      if (typed === '') throw new FieldError(field, says.rules.required)
      change[field] = typed
    }
    const outletId = values['outlet_id'] ?? ''
    if (outletId !== (user.outlet?.id ?? '')) change.outlet_id = outletId === '' ? null : outletId
    onEdited(Object.keys(change).length === 0 ? user : await api.changeUser(user.id, change))
  }
  return (
    <Dialog title={tells.user.edit} text={tells.user.editText} onClose={onClose}>
      <Form submit={tells.save} send={send}>
        <NameFields user={user} />
        <OutletField current={user.outlet} />
      </Form>
    </Dialog>
  )
}
