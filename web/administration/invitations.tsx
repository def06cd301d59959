import { useState } from 'preact/hooks'
import { TextField } from '../components/field.js'
import { Form } from '../components/form.js'
import { says } from '../language.js'
import { client } from '../session.js'
import { api, type Invitation } from './api.js'
import { type Choice, outletsToChoose } from './choices.js'
import { withNames } from './names.js'
import { usePages } from './paging.js'
import { AccountName } from './parts/account-name.js'
import { OutletField, RoleField } from './parts/choice-fields.js'
import { Confirmation, Dialog } from './parts/dialog.js'
import { filled } from './parts/filled.js'
import { useTell } from './parts/outcome.js'
import { Page, Time } from './parts/page.js'
import { PagedTable } from './parts/paged-table.js'
import { tells } from './sentences.js'
import { useStanding } from './standing.js'

export function Invitations () {
  const standing = useStanding()
  const mayRead = standing.may('users.read')
  const tell = useTell()
  const [asking, setAsking] = useState<Invitation | 'new'>()
  const close = () => { setAsking(undefined) }
  const pages = usePages(async (cursor, signal) => {
    const [part, roles, outlets] = await Promise.all([
      api.invitations({ cursor }, signal),
      mayRead || standing.may('roles.manage') ? api.roles() : client.roles(),
      outletsToChoose(standing)
    ])
    const { data, next } = await withNames(part, ({ invitedBy }) => [invitedBy], mayRead, signal)
    return { data: data.map(row => ({ ...row, role: called(roles, row.row.roleId), outlet: called(outlets, row.row.outletId) })), next }
  })

  async function invite (values: Record<string, string>): Promise<void> {
    const { email = '', role_id: roleId = '' } = values
    const invitation = await api.invite({ email, role_id: roleId, ...filled(values, 'outlet_id') })
    close()
    tell(tells.invitations.invited(invitation.email))
    pages.reload()
  }
  async function withdraw (id: string): Promise<void> {
    await api.withdraw(id)
    close()
    tell(tells.invitations.withdrawn)
    pages.reload()
  }

  return (
    <Page
      title={tells.invitations.title} text={tells.invitations.text}
      action={<button class='button' type='button' onClick={() => { setAsking('new') }}>{tells.invitations.invite}</button>}
    >
      <section class='card' aria-label={tells.invitations.title}>
        <PagedTable
          caption={tells.invitations.text} nothing={tells.invitations.nothing} pages={pages} keyOf={({ row }) => row.id}
          columns={[
            { name: says.email, cell: ({ row }) => row.email },
            { name: says.role, cell: ({ role }) => role },
            { name: says.outlet, cell: ({ outlet }) => outlet },
            { name: tells.invitations.by, cell: ({ row, names }) => row.invitedBy === null ? undefined : <AccountName id={row.invitedBy} names={names} /> },
            { name: tells.expires, cell: ({ row }) => <Time at={row.expiresAt} /> },
            { name: tells.acts, kind: 'acts', cell: ({ row }) => <button class='button second small' type='button' aria-label={tells.invitations.withdrawOf(row.email)} onClick={() => { setAsking(row) }}>{tells.invitations.withdraw}</button> }
          ]}
        />
      </section>
      {asking === 'new' && (
        <Dialog title={tells.invitations.invite} text={tells.invitations.inviteText} onClose={close}>
          <Form submit={tells.invitations.invite} send={invite}>
            <TextField name='email' label={says.email} type='email' autocomplete='off' />
            <RoleField />
            <OutletField />
          </Form>
        </Dialog>
      )}
      {asking !== undefined && asking !== 'new' && (
        <Confirmation
          title={tells.invitations.withdrawTitle} text={tells.invitations.withdrawText(asking.email)} submit={tells.invitations.withdraw}
          onClose={close} send={async () => { await withdraw(asking.id) }}
        />
      )}
    </Page>
  )
}

/** @returns the bare id of what cannot be seen */
function called (choices: readonly Choice[], id: string | null): string | undefined {
  return id === null ? undefined : choices.find(choice => choice.id === id)?.name ?? id
}
