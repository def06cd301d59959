import type { Test } from 'tap'
import { ask, bodyOf } from './browser.js'
import type { RunningKunci } from './running-kunci.js'
import { type SignedIn, signInAdministrator } from './sign-in.js'

/** Shows what a gateway that asks with `?role=admin` makes of an answer that is yes, and of one that is no. */
export async function showDemand (t: Test, gateway: string, { accessToken }: SignedIn, challenge: string | undefined): Promise<void> {
  const refused = await ask(gateway, 'GET', '/orders', { authorization: `Bearer ${accessToken}` })
  t.equal(refused.status, 403)
  t.equal(refused.headers['www-authenticate'], challenge)
  const administrator = await ask(gateway, 'GET', '/orders', { authorization: `Bearer ${await signInAdministrator(gateway)}` })
  t.equal(administrator.status, 200)
}

export async function signOut (t: Test, gateway: string, { accessToken }: SignedIn): Promise<void> {
  const loggedOut = await ask(gateway, 'POST', '/auth/logout', { authorization: `Bearer ${accessToken}` })
  t.same([loggedOut.status, bodyOf(loggedOut)], [200, { status: 200, message: 'Logged out successfully' }])
}

/** Shows that a gateway hears of a session's end with the next request. */
export async function showRevocation (t: Test, gateway: string, signedIn: SignedIn): Promise<void> {
  const authorization = `Bearer ${signedIn.accessToken}`
  t.equal((await ask(gateway, 'GET', '/orders', { authorization })).status, 200)
  await signOut(t, gateway, signedIn)
  const revoked = await ask(gateway, 'GET', '/orders', { authorization })
  t.equal(revoked.status, 401)
  t.equal(revoked.headers['www-authenticate'], 'Bearer error="invalid_token"')
}

/** Shows that nobody passes while Kunci gives no answer, and when it is gone; it is, after this. @param statuses of the two */
export async function showOutage (t: Test, gateway: string, kunci: RunningKunci, statuses: [number, number] = [503, 503]): Promise<void> {
  const authorization = `Bearer ${await signInAdministrator(gateway)}`
  const orders = async () => (await ask(gateway, 'GET', '/orders', { authorization })).status
  t.equal(await orders(), 200)
  kunci.freeze()
  // A gateway that waits without end ends this by the time limit of the test.
  t.equal(await orders(), statuses[0], 'who cannot be asked about does not pass')
  await kunci.end()
  t.equal(await orders(), statuses[1])
}
