import type { ComponentChildren } from 'preact'
import { says } from '../language.js'
import type { Loading } from '../loading.js'
import { Message } from './message.js'

/** Shows what was loaded; until then that it is on its way, or why it is not and how to try again. */
export function Loaded<Value> ({ of: { value, trouble, retry }, children }: { of: Loading<Value>, children: (value: Value) => ComponentChildren }) {
  if (value !== undefined) return <>{children(value)}</>
  if (trouble === undefined) return <p class='waiting' role='status'>{says.waiting}</p>
  return (
    <>
      <Message isBad>{trouble.message}</Message>
      <div class='actions'><button class='button second' type='button' onClick={retry}>{says.again}</button></div>
    </>
  )
}
