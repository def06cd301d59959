import { useAuth } from './session.js'

/** The permissions by which there is something to administer. */
const permissions = new Set(['users.create', 'users.read', 'users.update', 'users.delete', 'roles.manage', 'outlets.manage', 'sessions.manage', 'audit.read'])

/** @returns whether there is something to administer for whoever is signed in; the server decides what, request by request */
export function useMayManage (): boolean {
  const state = useAuth()
  return state.status === 'signed-in' && state.permissions.some(permission => permissions.has(permission))
}
