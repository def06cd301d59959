import { useState } from 'preact/hooks'
import { Form } from '../../components/form.js'
import { FieldError } from '../../problems.js'
import { says } from '../../language.js'
import { api, type User } from '../api.js'
import { Dialog } from '../parts/dialog.js'
import { useTell } from '../parts/outcome.js'
import { Badge } from '../parts/page.js'
import { Checkbox } from '../parts/checkbox.js'
import { FieldsetTrouble } from '../parts/fieldset-trouble.js'
import { tells } from '../sentences.js'
import { useStanding } from '../standing.js'
import type { Shown } from './user.js'

/** The roles that an account has. */
export function UserRoles ({ shown, onEdited }: { shown: Shown, onEdited: ((user: User) => void) | undefined }) {
  const { may } = useStanding()
  const tell = useTell()
  const [isEditing, setEditing] = useState(false)
  const { user } = shown
  return (
    <section class='card' aria-label={tells.roles.title}>
      <div class='page-head'>
        <div class='heading'>
          <h2>{tells.roles.title}</h2>
          <p class='quiet small'>{tells.user.rolesText}</p>
        </div>
        {onEdited !== undefined && may('users.update') && <button class='button second small' type='button' aria-label={tells.user.editRoles} onClick={() => { setEditing(true) }}>{tells.edit}</button>}
      </div>
      {user.roles.length === 0
        ? <p class='quiet'>{tells.none}</p>
        : (
          <ul class='rows'>
            {user.roles.map(role => (
              <li key={role.id}>
                <span class='name'>
                  {role.name}
                  {role.primary && <Badge kind='own'>{tells.user.primary}</Badge>}
                  {!role.status && <Badge kind='warn'>{tells.user.off}</Badge>}
                  {role.isAdmin && <Badge>{tells.roles.admin}</Badge>}
                </span>
              </li>
            ))}
          </ul>
          )}
      {isEditing && (
        <EditRoles
          shown={shown} onClose={() => { setEditing(false) }} onEdited={changed => {
            setEditing(false)
            tell(tells.user.rolesEdited)
            onEdited?.(changed)
          }}
        />
      )}
    </section>
  )
}

/** Gives an account its roles, each in force or not, one of them as the primary one. */
function EditRoles ({ shown: { user, roles, mayGive }, onClose, onEdited }: { shown: Shown, onClose: () => void, onEdited: (user: User) => void }) {
  const [given, setGiven] = useState<ReadonlySet<string>>(new Set(user.roles.map(role => role.id)))

  function toggle (id: string, isGiven: boolean): void {
    setGiven(new Set(isGiven ? [...given, id] : [...given].filter(other => other !== id)))
  }
  async function send (values: Record<string, string>): Promise<void> {
    const chosen = roles.filter(role => given.has(role.id))
    if (!given.has(values['primary'] ?? '')) throw new FieldError('roles', says.rules.roles)
    onEdited(await api.changeRoles(user.id, chosen.map(({ id }) => ({ role_id: id, status: values[`on ${id}`] !== undefined, primary: values['primary'] === id }))))
  }

  return (
    <Dialog title={tells.user.editRoles} text={tells.user.rolesHint} onClose={onClose}>
      <Form submit={tells.save} send={send}>
        <ul class='rows choices'>
          {roles.map(role => {
            const held = user.roles.find(({ id }) => id === role.id)
            const isGiven = given.has(role.id)
            const mayNot = held === undefined && !mayGive(role)
            return (
              <li key={role.id}>
                <Checkbox label={role.name} hint={mayNot ? tells.user.lacking : undefined} isDisabled={mayNot} isChecked={isGiven} onChange={isChecked => { toggle(role.id, isChecked) }} />
                {isGiven && (
                  <span class='actions'>
                    <Checkbox name={`on ${role.id}`} label={tells.user.inForce} spoken={`${role.name}: ${tells.user.inForce}`} isChecked={held?.status ?? true} />
                    <Checkbox type='radio' name='primary' value={role.id} label={tells.user.primary} spoken={`${role.name}: ${tells.user.primary}`} isChecked={held?.primary ?? given.size === 1} />
                  </span>
                )}
              </li>
            )
          })}
        </ul>
        <FieldsetTrouble names={['roles', 'role_id']} />
      </Form>
    </Dialog>
  )
}
