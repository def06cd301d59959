import type { RunningKunci } from '../gateways/running-kunci.js'

export const PASSWORD = 'Password123!'

/** Registers an account and proves its address. @returns what it signs in with */
export async function makeAccount (kunci: RunningKunci, name: string): Promise<{ email: string, password: string }> {
  const email = `${name}@example.com`
  const first = async (path: string) => (await (await fetch(`${kunci.url}/auth${path}`)).json() as { data: Array<{ id: string, name: string }> }).data
  const send = async (path: string, body: object) => {
    const answer = await fetch(`${kunci.url}/auth${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  }
  const outletId = (await first('/outlets'))[0]?.id
  const roleId = (await first('/roles')).find(role => role.name === 'user')?.id
  await send('/register', { email, username: name, password: PASSWORD, confirmPassword: PASSWORD, outlet_id: outletId, role_id: roleId })
  await send('/verify', { token: await kunci.mailedToken(email) })
  return { email, password: PASSWORD }
}
