import { pagePaths } from '../../src/page-paths.js'
import { Notice } from '../components/notice.js'
import { farewell } from '../farewell.js'
import { day, says } from '../language.js'
import { at } from '../settings.js'
import { NotFound } from './not-found.js'

/** What comes after asking for the deletion of an account. */
export function Farewell () {
  const { deletedAt } = farewell
  if (deletedAt === undefined) return <NotFound />
  return (
    <Notice title={says.data.deleted} text={says.data.deletedText(day(deletedAt))}>
      <a class='button second' href={at(pagePaths.signIn)}>{says.toSignIn}</a>
    </Notice>
  )
}
