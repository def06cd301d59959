import { useState } from 'preact/hooks'
import type { Registration } from '../../src/domain/outlets.js'
import { SelectField, TextField } from '../components/field.js'
import { Form } from '../components/form.js'
import { api, type Outlet } from './api.js'
import { usePages } from './paging.js'
import { Dialog } from './parts/dialog.js'
import { useTell } from './parts/outcome.js'
import { saved } from './parts/saved.js'
import { Badge, Page, Time } from './parts/page.js'
import { PagedTable } from './parts/paged-table.js'
import { tells } from './sentences.js'
import { useStanding } from './standing.js'

const registrations = Object.entries(tells.outlets.registrations).map(([id, name]) => ({ id, name }))

function nameOf (registration: string): string {
  return registrations.find(({ id }) => id === registration)?.name ?? registration
}

export function Outlets () {
  const { may } = useStanding()
  const tell = useTell()
  const [editing, setEditing] = useState<Outlet | 'new'>()
  const pages = usePages(async () => ({ data: await api.outlets(), next: null }))
  const close = () => { setEditing(undefined) }

  function onSaved ({ name }: Outlet): void {
    close()
    tell(editing === 'new' ? tells.outlets.added(name) : tells.outlets.edited(name))
    pages.reload()
  }

  return (
    <Page
      title={tells.outlets.title} text={tells.outlets.text}
      action={may('outlets.manage') && <button class='button' type='button' onClick={() => { setEditing('new') }}>{tells.outlets.add}</button>}
    >
      <section class='card' aria-label={tells.outlets.title}>
        <PagedTable
          caption={tells.outlets.text} nothing={tells.outlets.nothing} pages={pages} keyOf={outlet => outlet.id}
          columns={[
            { name: tells.roles.name, cell: outlet => outlet.name },
            { name: tells.outlets.registration, cell: ({ registration }) => <Badge kind={registration === 'open' ? 'own' : ''}>{nameOf(registration)}</Badge> },
            { name: tells.created, cell: ({ createdAt }) => <Time at={createdAt} /> },
            ...may('outlets.manage')
              ? [{
                  name: tells.acts,
                  kind: 'acts' as const,
                  cell: (outlet: Outlet) => <button class='button second small' type='button' aria-label={tells.editOf(outlet.name)} onClick={() => { setEditing(outlet) }}>{tells.edit}</button>
                }]
              : []
          ]}
        />
      </section>
      {editing !== undefined && <OutletForm outlet={editing === 'new' ? undefined : editing} onClose={close} onSaved={onSaved} />}
    </Page>
  )
}

function OutletForm ({ outlet, onClose, onSaved }: { outlet: Outlet | undefined, onClose: () => void, onSaved: (outlet: Outlet) => void }) {
  async function send ({ name = '', registration = '' }: Record<string, string>): Promise<void> {
    // A form knows texts alone; the server refuses any other.
    const wanted = { name, registration: registration as Registration }
    if (outlet === undefined) onSaved(await api.createOutlet(wanted))
    else onSaved(await saved(outlet, wanted, async change => await api.changeOutlet(outlet.id, change)))
  }
  return (
    <Dialog title={outlet === undefined ? tells.outlets.add : tells.editOf(outlet.name)} onClose={onClose}>
      <Form submit={outlet === undefined ? tells.outlets.add : tells.save} send={send}>
        <TextField name='name' label={tells.roles.name} autocomplete='off' value={outlet?.name ?? ''} />
        <SelectField name='registration' label={tells.outlets.registration} choices={registrations} value={outlet?.registration ?? 'open'} />
      </Form>
    </Dialog>
  )
}
