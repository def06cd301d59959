import type { Static } from '@sinclair/typebox'
import type * as outlet from '../../routes/outlet/schemas.js'

/** What the outlet contract takes and gives, from its own schemas. */

export type Registration = Static<ReturnType<typeof outlet.Registration>>
export type InvitedRegistration = Static<ReturnType<typeof outlet.InvitedRegistration>>
export type Credentials = Static<typeof outlet.Login>
export type PasswordReset = Static<ReturnType<typeof outlet.Reset>>
export type PasswordChange = Static<ReturnType<typeof outlet.PasswordChange>>
export type ProfileChange = Static<typeof outlet.ProfileChange>
export type Profile = Static<typeof outlet.Profile>
export type Session = Static<typeof outlet.Sessions>['data'][number]
export type HistoryEntry = Static<typeof outlet.History>['data'][number]
export type Outlet = Static<typeof outlet.Outlets>['data'][number]
export type Role = Static<typeof outlet.Roles>['data'][number]
export type AccountExport = Static<typeof outlet.Exported>['data']
export type DeletionRequested = Static<typeof outlet.DeletionRequested>['data']
