import { describeUserAgent } from '../../user-agent.js'
import type { Event } from '../api.js'
import { tells } from '../sentences.js'

/** What else is known of an event, for whoever opens it. */
export function EventDetails ({ event }: { event: Event }) {
  const { contract, reason, tokenKind, sessionId, ip, userAgent, details } = event
  const known: ReadonlyArray<readonly [string, string | null]> = [
    ['contract', contract],
    ['reason', reason === null ? null : worded(tells.reasons, reason)],
    ['tokenKind', tokenKind === null ? null : worded(tells.reasons, tokenKind)],
    ...Object.entries(details ?? {}).map(([name, value]) => [name, text(value)] as const),
    ['ip', ip],
    ['device', userAgent === null ? null : `${describeUserAgent(userAgent)} (${userAgent})`],
    ['sessionId', sessionId]
  ]
  const facts = known.filter(([, value]) => value !== null && value !== '')
  if (facts.length === 0) return null
  return (
    <details class='details'>
      <summary>{tells.events.details}</summary>
      <dl>{facts.map(([name, value]) => <div key={name}><dt>{worded(tells.details, name)}</dt><dd>{value}</dd></div>)}</dl>
    </details>
  )
}

/** @returns what a name of the server's is called; the name itself where that is not known */
function worded (words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? words[name] ?? name : name
}

/** @returns what an act's details say, as a person reads it */
function text (value: unknown): string {
  if (value === null) return tells.none
  if (typeof value === 'boolean') return value ? tells.yes : tells.no
  if (Array.isArray(value)) return value.length === 0 ? tells.none : value.map(text).join(', ')
  if (typeof value === 'object') return roleText(value as Readonly<Record<string, unknown>>)
  return worded({ ...tells.outlets.registrations }, String(value))
}

/** A role that was given, as `account.roles_changed` has it. */
function roleText ({ name, isActive, isPrimary, ...more }: Readonly<Record<string, unknown>>): string {
  if (typeof name !== 'string' || Object.keys(more).length > 0) return JSON.stringify({ name, isActive, isPrimary, ...more })
  const marks = [isPrimary === true ? tells.user.primary : '', isActive === false ? tells.user.off : ''].filter(mark => mark !== '')
  return marks.length === 0 ? name : `${name} (${marks.join(', ')})`
}
