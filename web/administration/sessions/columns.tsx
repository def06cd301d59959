import type { Device } from '../../../src/domain/device.js'
import { says } from '../../language.js'
import { describeUserAgent } from '../../user-agent.js'
import type { Session } from '../api.js'
import { Time } from '../parts/page.js'
import type { Column } from '../parts/table.js'
import { tells } from '../sentences.js'

/** What a session is shown by; what its device claims to be is text, whatever stands in it. */
export const sessionColumns: ReadonlyArray<Column<Session>> = [
  {
    name: tells.device,
    cell: ({ device, userAgent }) => (
      <span class='two-lines'>
        <span>{describeUserAgent(userAgent)}</span>
        {device !== 'unknown' && <span class='quiet'>{says.sessions.devices[device as Device] ?? device}</span>}
        {userAgent !== null && <details class='details'><summary>{tells.events.details}</summary>{userAgent}</details>}
      </span>
    )
  },
  { name: tells.sessions.application, cell: ({ contract, ip }) => <span class='two-lines'><span>{contract}</span><span class='quiet'>{ip}</span></span> },
  { name: tells.lastUsed, cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
  { name: tells.expires, cell: ({ expiresAt }) => <Time at={expiresAt} /> }
]
