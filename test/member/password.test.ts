import t from 'tap'
import { bearer, build, mailedToken, readMails } from '../helper.js'
import { ACCESS_REQUIRED, BAD_PROOF, goesOn, INVALID_ACCESS, invalid, login, loginStatus, PASSWORD, post, prove, signUp, succeeded } from './client.js'

const NEW = 'kopi susu gula aren'
const UPDATED = succeeded('Password updated successfully')
const INCORRECT = { status: 'Error', status_code: 400, message: 'Old password is incorrect' }

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock } = kunci

async function change (accessToken: string, oldPassword: string, newPassword: string) {
  return await post(kunci, 'edit-password', { old_password: oldPassword, new_password: newPassword }, bearer(accessToken))
}

async function noticesTo (address: string): Promise<number> {
  return (await readMails(kunci)).filter(mail => mail.to === address && mail.subject === 'Your password was changed').length
}

t.test('a new password takes the place of the old one; every other session ends, and the account is told', async t => {
  await signUp(kunci, 'changes')
  const calling = await login(kunci, 'changes')
  const other = await login(kunci, 'changes')
  const elsewhere = (await app.inject({ method: 'POST', url: '/signin/auth/signin', payload: { username: 'changes', password: PASSWORD } })).json()
  const response = await change(calling.accessToken, PASSWORD, NEW)
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), UPDATED)
  t.ok(await goesOn(kunci, calling))
  t.notOk(await goesOn(kunci, other))
  t.equal((await app.inject({ url: '/signin/auth/profile', headers: bearer(elsewhere.accessToken) })).statusCode, 401)
  t.equal((await app.inject({ method: 'POST', url: '/signin/auth/refresh', payload: { refreshToken: elsewhere.refreshToken } })).statusCode, 401)
  t.equal(await loginStatus(kunci, 'changes'), 401)
  t.equal(await loginStatus(kunci, 'changes', NEW), 200)
  t.equal(await noticesTo('changes@example.com'), 1)
})

t.test('a wrong old password changes nothing', async t => {
  await signUp(kunci, 'wrong')
  const calling = await login(kunci, 'wrong')
  const other = await login(kunci, 'wrong')
  for (const old of ['wrong', `${PASSWORD} `, PASSWORD.toUpperCase(), NEW, 'x'.repeat(5000)]) {
    const response = await change(calling.accessToken, old, NEW)
    t.equal(response.statusCode, 400, old.slice(0, 30))
    t.strictSame(response.json(), INCORRECT, old.slice(0, 30))
  }
  t.ok(await goesOn(kunci, other))
  t.equal(await loginStatus(kunci, 'wrong'), 200)
  t.equal(await noticesTo('wrong@example.com'), 0)
})

t.test('a new password is long enough and none of the commonest, no more', async t => {
  await signUp(kunci, 'rules')
  const { accessToken } = await login(kunci, 'rules')
  const unfit: Array<[object, string[]]> = [
    [{ old_password: PASSWORD, new_password: 'tujuh-7' }, ['new_password must be at least 8 characters']],
    [{ old_password: PASSWORD, new_password: 'x'.repeat(129) }, ['new_password must be at most 128 characters']],
    [{ old_password: PASSWORD, new_password: 'password123' }, ['new_password is one of the most common passwords']],
    [{ old_password: PASSWORD, new_password: 'pass\0word kopi' }, ['new_password must be valid text']],
    [{}, ['old_password is required', 'new_password is required']],
    [{ old_password: null, new_password: 12345678 }, ['old_password must be a string', 'new_password must be a string']],
    [{ old_password: PASSWORD, new_password: NEW, confirm_password: NEW }, ['confirm_password is not allowed']]
  ]
  for (const [payload, errors] of unfit) {
    const response = await post(kunci, 'edit-password', payload, bearer(accessToken))
    t.equal(response.statusCode, 400, errors.join())
    t.strictSame(response.json(), invalid(...errors), errors.join())
  }
  t.equal(await loginStatus(kunci, 'rules'), 200)

  let old = PASSWORD
  for (const fit of ['x'.repeat(127) + 'y', 'tanpa-angka', '40725186', 'пароль мой', '😀🎈🌴🍜🚲🎻🦋🌋']) {
    t.strictSame((await change(accessToken, old, fit)).json(), UPDATED, fit)
    t.equal(await loginStatus(kunci, 'rules', fit), 200, fit)
    old = fit
  }
})

t.test('what was mailed before a password changed is dead after it', async t => {
  await signUp(kunci, 'mailed')
  const { accessToken } = await login(kunci, 'mailed')
  clock.advance(1)
  await post(kunci, 'edit-profile', { email: 'thief@example.com', current_password: PASSWORD }, bearer(accessToken))
  const pending = await mailedToken(kunci, 'thief@example.com')
  t.not(pending, '')
  t.strictSame((await change(accessToken, PASSWORD, NEW)).json(), UPDATED)
  t.strictSame((await prove(kunci, pending, bearer(accessToken))).json(), BAD_PROOF)
})

t.test('of two changes at once, from one old password, one holds', async t => {
  await signUp(kunci, 'at-once')
  const one = await login(kunci, 'at-once')
  const other = await login(kunci, 'at-once')
  const passwords = ['kopi tubruk panas', 'teh botol dingin'] as const
  const answers = await Promise.all([change(one.accessToken, PASSWORD, passwords[0]), change(other.accessToken, PASSWORD, passwords[1])])
  const statuses = answers.map(answer => answer.statusCode)
  t.equal(statuses.filter(status => status === 200).length, 1)
  t.ok(statuses.every(status => [200, 400, 401].includes(status)))
  for (const [index, password] of passwords.entries()) {
    t.equal(await loginStatus(kunci, 'at-once', password), statuses[index] === 200 ? 200 : 401)
  }
  t.equal(await noticesTo('at-once@example.com'), 1)
})

t.test('who is not signed in here changes no password', async t => {
  await signUp(kunci, 'anonymous')
  const { refreshToken } = await login(kunci, 'anonymous')
  const payload = { old_password: PASSWORD, new_password: NEW }
  const without = await post(kunci, 'edit-password', payload)
  t.equal(without.statusCode, 401)
  t.strictSame(without.json(), ACCESS_REQUIRED)
  t.strictSame((await post(kunci, 'edit-password', payload, bearer(refreshToken))).json(), INVALID_ACCESS)
  t.equal(await loginStatus(kunci, 'anonymous'), 200)
})
