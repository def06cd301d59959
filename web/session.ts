import { useEffect, useState } from 'preact/hooks'
import { type AuthState, createClient } from '../src/client/client.js'
import { settings } from './settings.js'
import { mayBeSignedIn, rememberWhetherSignedIn } from './signed-in-mark.js'

/** The one client of these pages. Whoever never signed in here is not asked about: the refusal would stand as an error in the console. */
export const client = createClient({ baseUrl: settings.contracts.outlet, restore: mayBeSignedIn() })
client.onChange(rememberWhetherSignedIn)

/** @returns who is signed in; the component is rendered anew when that changes */
export function useAuth (): AuthState {
  const [state, set] = useState(client.state)
  useEffect(() => client.onChange(set), [])
  return state
}
