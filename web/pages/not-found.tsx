import { pagePaths } from '../../src/page-paths.js'
import { Notice } from '../components/notice.js'
import { says } from '../language.js'
import { at } from '../settings.js'

export function NotFound () {
  return (
    <Notice title={says.notFound.title} text={says.notFound.text}>
      <a class='button' href={at(pagePaths.home)}>{says.notFound.home}</a>
    </Notice>
  )
}
