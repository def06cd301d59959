import { TextField } from '../../components/field.js'
import { Form } from '../../components/form.js'
import { useLoading } from '../../loading.js'
import { api, type Role } from '../api.js'
import { Checkbox } from '../parts/checkbox.js'
import { Dialog } from '../parts/dialog.js'
import { FieldsetTrouble } from '../parts/fieldset-trouble.js'
import { saved } from '../parts/saved.js'
import { tells } from '../sentences.js'
import { useStanding } from '../standing.js'

const known = Object.entries(tells.roles.explained)
const isKnown = new Set(known.map(([permission]) => permission))

/** Makes a role, or changes one. */
export function RoleForm ({ role, onClose, onSaved }: { role?: Role, onClose: () => void, onSaved: (role: Role) => void }) {
  const { giving } = useStanding()
  const mayGive = useLoading(giving).value
  const others = role?.permissions.filter(permission => !isKnown.has(permission)) ?? []

  async function send (values: Record<string, string>): Promise<void> {
    const chosen = known.map(([permission]) => permission).filter(permission => values[permission] !== undefined)
    const further = (values['others'] ?? '').split(/[\s,]+/).filter(permission => permission !== '')
    const wanted = { name: values['name'] ?? '', permissions: [...chosen, ...further].sort() }
    const isSelfAssignable = values['self_assignable'] !== undefined
    if (role === undefined) onSaved(await api.createRole({ ...wanted, self_assignable: isSelfAssignable }))
    else {
      const kept = { ...role, permissions: [...role.permissions].sort(), self_assignable: role.selfAssignable }
      onSaved(await saved(kept, { ...wanted, self_assignable: isSelfAssignable }, async change => ({ ...kept, ...await api.changeRole(role.id, change) })))
    }
  }

  return (
    <Dialog title={role === undefined ? tells.roles.add : tells.editOf(role.name)} {...role === undefined ? {} : { text: tells.roles.editText }} onClose={onClose}>
      <Form submit={role === undefined ? tells.roles.add : tells.save} send={send}>
        <TextField name='name' label={tells.roles.name} autocomplete='off' value={role?.name ?? ''} />
        <fieldset class='group'>
          <legend>{tells.roles.permissions}</legend>
          {known.map(([permission, explanation]) => {
            const isHeld = role?.permissions.includes(permission) === true
            const mayNot = mayGive?.({ permissions: [permission], isAdmin: false }) === false
            return <Checkbox key={permission} name={permission} label={permission} hint={`${explanation}.${mayNot ? ` ${tells.roles.lacking}` : ''}`} isChecked={isHeld} isDisabled={mayNot} />
          })}
        </fieldset>
        <TextField name='others' label={tells.roles.others} hint={tells.roles.othersHint} autocomplete='off' value={others.join(' ')} isOptional />
        <FieldsetTrouble names={['permissions']} />
        {role?.isAdmin !== true && <Checkbox name='self_assignable' label={tells.roles.selfAssignable} isChecked={role?.selfAssignable === true} />}
      </Form>
    </Dialog>
  )
}
