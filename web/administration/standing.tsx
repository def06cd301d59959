import { type ComponentChildren, createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'
import type { Permission } from '../../src/domain/administration/standing.js'
import { client, useAuth } from '../session.js'
import { api, type Role } from './api.js'

/** What whoever is signed in may do here, so that nothing else is offered; the server decides all the same. */
export interface Standing {
  accountId: string
  may: (permission: Permission) => boolean
  /** @returns what tells whether a role may be given, changed and deleted: it gives nothing that they lack */
  giving: () => Promise<MayGive>
}

export type MayGive = (role: Pick<Role, 'permissions' | 'isAdmin'>) => boolean

const nobody: Standing = { accountId: '', may: () => false, giving: async () => () => false }
const StandingContext = createContext(nobody)

export const useStanding = () => useContext(StandingContext)

export function StandingProvider ({ accountId, children }: { accountId: string, children: ComponentChildren }) {
  const state = useAuth()
  const held = state.status === 'signed-in' ? state.permissions.join(' ') : ''
  const standing = useMemo(() => standingOf(accountId, new Set(held.split(' '))), [accountId, held])
  return <StandingContext.Provider value={standing}>{children}</StandingContext.Provider>
}

function standingOf (accountId: string, permissions: ReadonlySet<string>): Standing {
  const may = (permission: Permission) => permissions.has(permission)
  let asked: Promise<MayGive> | undefined
  async function ask (): Promise<MayGive> {
    const isAdmin = may('users.read')
      ? (await api.user(accountId)).roles.some(role => role.isAdmin && role.status)
      : (await client.profile()).role?.isAdmin === true
    return role => isAdmin || (!role.isAdmin && role.permissions.every(permission => permissions.has(permission)))
  }
  return {
    accountId,
    may,
    giving () {
      // Once, unless it failed.
      asked ??= ask().catch((error: unknown) => {
        asked = undefined
        throw error
      })
      return asked
    }
  }
}
