import { useState } from 'preact/hooks'
import { TextField } from '../../components/field.js'
import { FieldError } from '../../problems.js'
import { api, type User } from '../api.js'
import { Confirmation } from '../parts/dialog.js'
import { useAct, useTell } from '../parts/outcome.js'
import { tells } from '../sentences.js'
import { useStanding } from '../standing.js'

interface AccessProps {
  user: User
  onChanged: (user: User) => void
  onRemoved: () => void
}

/** Whether an account can get in: mails, disabling, deletion. */
export function Access ({ user, onChanged, onRemoved }: AccessProps) {
  const { may } = useStanding()
  const tell = useTell()
  const { busy, act } = useAct()
  const [asking, setAsking] = useState<'disable' | 'remove'>()
  const close = () => { setAsking(undefined) }
  const said = ({ sent }: { sent: boolean }) => sent ? tells.user.sent(user.email) : tells.user.notSent

  function enable (): void {
    act('enable', async () => {
      onChanged(await api.enable(user.id))
      return tells.user.enabled
    })
  }
  async function disable (): Promise<void> {
    const changed = await api.disable(user.id)
    close()
    tell(tells.user.disabled)
    onChanged(changed)
  }
  async function remove ({ confirmation = '' }: Record<string, string>): Promise<void> {
    if (confirmation.trim() !== user.email) throw new FieldError('confirmation', tells.user.confirmWrong)
    await api.deleteUser(user.id)
    onRemoved()
  }
  const button = (name: string, text: string, onClick: () => void, kind = 'second') =>
    <button class={`button ${kind}`} type='button' aria-busy={busy === name} onClick={onClick}>{text}</button>

  return (
    <section class='card' aria-label={tells.user.actsTitle}>
      <h2>{tells.user.actsTitle}</h2>
      <div class='actions'>
        {may('users.update') && (
          <>
            {user.emailVerifiedAt === null && user.disabledAt === null && button('verify', tells.user.sendVerification, () => { act('verify', async () => said(await api.sendVerification(user.id))) })}
            {user.disabledAt === null && button('reset', tells.user.sendReset, () => { act('reset', async () => said(await api.sendReset(user.id))) })}
            {user.disabledAt === null
              ? button('disable', tells.user.disable, () => { setAsking('disable') })
              : button('enable', tells.user.enable, enable)}
          </>
        )}
        {may('users.delete') && button('remove', tells.user.remove, () => { setAsking('remove') }, 'danger')}
      </div>
      {asking === 'disable' && <Confirmation title={tells.user.disableTitle} text={tells.user.disableText} submit={tells.user.disable} onClose={close} send={disable} />}
      {asking === 'remove' && (
        <Confirmation title={tells.user.removeTitle} text={tells.user.removeText} submit={tells.user.remove} onClose={close} send={remove}>
          <TextField name='confirmation' label={tells.user.confirm(user.email)} autocomplete='off' />
        </Confirmation>
      )}
    </section>
  )
}
