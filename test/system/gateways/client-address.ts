import type { Test } from 'tap'
import { ask, bodyOf, CLIENT_ADDRESS } from './browser.js'
import { signInAdministrator } from './sign-in.js'

const ANOTHER_ADDRESS = '127.0.0.3'
const MAILS_A_MINUTE = 10

/** Shows that Kunci sees each client behind a gateway at its own address, whatever the client says of it, and counts by that. */
export async function showClientAddress (t: Test, gateway: string): Promise<void> {
  const authorization = `Bearer ${await signInAdministrator(gateway)}`
  const claims = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'https' }
  for (const headers of [claims, { ...claims, connection: 'close, X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto' }]) {
    const diagnosis = await ask(gateway, 'GET', '/gateway/doctor', { ...headers, authorization })
    t.same(bodyOf(diagnosis), {
      status: 200,
      message: 'Request resolved',
      data: {
        peer: '127.0.0.1',
        client: { value: CLIENT_ADDRESS, from: 'x-forwarded-for' },
        scheme: { value: 'http', from: 'x-forwarded-proto' },
        host: { value: new URL(gateway).host, from: 'x-forwarded-host' },
        trustProxy: { configured: ['127.0.0.1'], fits: true, advice: 'X-Forwarded-For came from 127.0.0.1, which TRUST_PROXY names' }
      }
    })
  }

  let sent = 0
  const forgot = async (from: string) => (await ask(gateway, 'POST', '/auth/password/forgot', { 'x-forwarded-for': `203.0.113.${sent++}` }, { email: 'nobody@example.com' }, from)).status
  for (let count = 0; count < MAILS_A_MINUTE; count++) t.equal(await forgot(CLIENT_ADDRESS), 200)
  t.equal(await forgot(CLIENT_ADDRESS), 429, 'another name for itself gets a client no further')
  t.equal(await forgot(ANOTHER_ADDRESS), 200, 'nor does it use up what others have')
}
