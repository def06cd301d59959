import { useEffect, useState } from 'preact/hooks'
import { type AuthState, createClient } from '../src/client/client.js'
import { settings } from './settings.js'

/** The one client of these pages. */
export const client = createClient({ baseUrl: settings.contracts.outlet })

/** @returns who is signed in; the component is rendered anew when that changes */
export function useAuth (): AuthState {
  const [state, set] = useState(client.state)
  useEffect(() => client.onChange(set), [])
  return state
}
