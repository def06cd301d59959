import { useState } from 'preact/hooks'
import { api, type Role } from '../api.js'
import { usePages } from '../paging.js'
import { Confirmation } from '../parts/dialog.js'
import { useTell } from '../parts/outcome.js'
import { Badge, Page } from '../parts/page.js'
import { PagedTable } from '../parts/paged-table.js'
import { tells } from '../sentences.js'
import { type MayGive, useStanding } from '../standing.js'
import { RoleForm } from './role-form.js'

interface Row {
  role: Role
  mayGive: MayGive
}

export function Roles () {
  const { may, giving } = useStanding()
  const tell = useTell()
  const [asking, setAsking] = useState<{ what: 'add' } | { what: 'edit' | 'remove', role: Role }>()
  const close = () => { setAsking(undefined) }
  const pages = usePages(async () => {
    const [roles, mayGive] = await Promise.all([api.roles(), giving()])
    return { data: roles.map(role => ({ role, mayGive })), next: null }
  })

  function onSaved (sentence: string): void {
    close()
    tell(sentence)
    pages.reload()
  }
  async function remove ({ id, name }: Role): Promise<void> {
    await api.deleteRole(id)
    onSaved(tells.roles.removed(name))
  }

  return (
    <Page
      title={tells.roles.title} text={tells.roles.text}
      action={may('roles.manage') && <button class='button' type='button' onClick={() => { setAsking({ what: 'add' }) }}>{tells.roles.add}</button>}
    >
      <section class='card' aria-label={tells.roles.title}>
        <PagedTable
          caption={tells.roles.text} nothing={tells.none} pages={pages} keyOf={({ role }: Row) => role.id}
          columns={[
            { name: tells.roles.name, cell: ({ role }) => <RoleName role={role} /> },
            { name: tells.roles.permissions, cell: ({ role: { permissions } }) => permissions.length === 0 ? undefined : <span class='permissions'>{permissions.map(permission => <code key={permission}>{permission}</code>)}</span> },
            { name: tells.roles.chosen, cell: ({ role }) => role.selfAssignable ? tells.yes : tells.no },
            ...may('roles.manage')
              ? [{
                  name: tells.acts,
                  kind: 'acts' as const,
                  // Who may not give it may not touch it.
                  cell: ({ role, mayGive }: Row) => mayGive(role) && (
                    <>
                      <button class='button second small' type='button' aria-label={tells.editOf(role.name)} onClick={() => { setAsking({ what: 'edit', role }) }}>{tells.edit}</button>
                      {!role.isAdmin && !role.isDefault && <button class='button second small' type='button' aria-label={tells.removeOf(role.name)} onClick={() => { setAsking({ what: 'remove', role }) }}>{tells.remove}</button>}
                    </>
                  )
                }]
              : []
          ]}
        />
      </section>
      {asking?.what === 'add' && <RoleForm onClose={close} onSaved={({ name }) => { onSaved(tells.roles.added(name)) }} />}
      {asking?.what === 'edit' && <RoleForm role={asking.role} onClose={close} onSaved={({ name }) => { onSaved(tells.roles.edited(name)) }} />}
      {asking?.what === 'remove' && <Confirmation title={tells.roles.removeTitle} text={tells.roles.removeText(asking.role.name)} submit={tells.remove} onClose={close} send={async () => { await remove(asking.role) }} />}
    </Page>
  )
}

function RoleName ({ role: { name, isAdmin, isDefault } }: { role: Role }) {
  return <span class='badges'>{name}{isAdmin && <Badge kind='own'>{tells.roles.admin}</Badge>}{isDefault && <Badge>{tells.roles.isDefault}</Badge>}</span>
}
