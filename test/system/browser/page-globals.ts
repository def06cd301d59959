import type * as kunci from '../../../src/client/client.js'

declare global {
  interface Window {
    kunci: typeof kunci
    client: kunci.Client
    /** every state of `client`, from the first on */
    states: kunci.AuthState[]
  }
}
