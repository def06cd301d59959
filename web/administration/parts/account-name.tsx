import { pagePaths } from '../../../src/page-paths.js'
import { at } from '../../settings.js'
import type { Names } from '../names.js'
import { tells } from '../sentences.js'
import { useStanding } from '../standing.js'
import { Badge } from './page.js'

/** @returns the address of an account's page */
export function userPath (id: string): string {
  return at(pagePaths.manageUser).replace(':id', () => encodeURIComponent(id))
}

/** What an account is called, leading to its page; its bare id where that is all that is known. */
export function AccountName ({ id, names }: { id: string, names: Names }) {
  const { accountId } = useStanding()
  const name = names.get(id)
  return (
    <span class='account'>
      {name === undefined ? <code>{id}</code> : <a href={userPath(id)}>{name}</a>}
      {id === accountId && <Badge kind='own'>{tells.you}</Badge>}
    </span>
  )
}
