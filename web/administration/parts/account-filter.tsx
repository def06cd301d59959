import { useState } from 'preact/hooks'
import { TextField } from '../../components/field.js'
import { Form } from '../../components/form.js'
import { FieldError } from '../../problems.js'
import { useLoading } from '../../loading.js'
import { api, type User } from '../api.js'
import { nameOf } from '../names.js'
import { tells } from '../sentences.js'
import { useStanding } from '../standing.js'

const MOST_OFFERED = '10'
const ID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i

/** Narrows a list to one account, found by its email, username or name; whoever may not read accounts has to know its id. */
export function AccountFilter ({ user, onChoose }: { user: string | undefined, onChoose: (id: string | undefined) => void }) {
  const mayRead = useStanding().may('users.read')
  const [found, setFound] = useState<readonly User[]>([])

  function choose (id: string | undefined): void {
    setFound([])
    onChoose(id)
  }
  async function search ({ account = '' }: Record<string, string>): Promise<void> {
    const text = account.trim()
    setFound([])
    if (ID.test(text)) return choose(text)
    const users = mayRead ? (await api.users({ search: text, limit: MOST_OFFERED })).data : []
    const [only, ...others] = users
    if (only === undefined) throw new FieldError('account', tells.filter.none)
    if (others.length === 0) choose(only.id)
    else setFound(users)
  }

  if (user !== undefined) return <Chosen key={user} id={user} onLeave={() => { choose(undefined) }} />
  return (
    <div class='filter'>
      <Form submit={tells.filter.show} kind='second' send={search}>
        <TextField name='account' label={tells.filter.label} hint={mayRead ? tells.filter.hint : tells.filter.hintId} autocomplete='off' />
      </Form>
      <div role='status'>
        {found.length > 0 && (
          <>
            <p class='small'>{tells.filter.several}</p>
            <div class='actions'>
              {found.map(user => <button key={user.id} class='button second small' type='button' onClick={() => { choose(user.id) }}>{nameOf(user)} · {user.email}</button>)}
            </div>
          </>
        )}
      </div>
    </div>
  )
}

function Chosen ({ id, onLeave }: { id: string, onLeave: () => void }) {
  const mayRead = useStanding().may('users.read')
  const { value } = useLoading(async () => mayRead ? (await api.users({ ids: id })).data[0] ?? null : null)
  return (
    <div class='actions chosen'>
      <p>{tells.filter.only(value === undefined || value === null ? id : nameOf(value))}</p>
      <button class='button second small' type='button' onClick={onLeave}>{tells.filter.all}</button>
    </div>
  )
}
