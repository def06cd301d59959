import t from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import * as outlet from '../outlet/client.js'
import {
  CONTRACTS, login, mail, ownHistory, PASSWORD, redacted, registerSignedIn, requestReset, restoreEmail, restoreToken, submitPassword, tokenIn, updatePassword, updateProfile
} from './client.js'

const NEW = 'dermawan001'

const kunci = await build(t, { CONTRACTS })
const { app, clock } = kunci

t.test('a reset stands there when it is asked for, when it is done, and for each session that it ends', async t => {
  const before = await registerSignedIn(kunci, 'reset@example.com')
  await requestReset(kunci, 'reset@example.com')
  const mailed = await tokenIn(kunci, 'reset@example.com', mail.reset)
  clock.advance(1)
  await submitPassword(kunci, mailed, NEW)
  const token = await login(kunci, 'reset@example.com', NEW)
  t.same(await ownHistory(kunci, token), [
    ['Login - Create Token', redacted(token)],
    ['Reset Password - Revoke Token', null],
    ['Reset Password - Revoke Token', redacted(before)],
    ['Reset Password - Create Token', null],
    ['Login - Create Token', redacted(before)]
  ])
})

t.test('a change of password stands there for the session that asked and for each that it ended', async t => {
  const other = await registerSignedIn(kunci, 'update@example.com')
  const token = await login(kunci, 'update@example.com')
  await updatePassword(kunci, token, { old_password: PASSWORD, new_password: NEW })
  t.same(await ownHistory(kunci, token), [
    ['Update Password - Revoke Token', redacted(token)],
    ['Update Password - Revoke Token', redacted(other)],
    ['Login - Create Token', redacted(token)],
    ['Login - Create Token', redacted(other)]
  ])
})

t.test('what is told of a session shows its token of that time, not a later one', async t => {
  await outlet.registerVerified(kunci, 'time@example.com', 'time')
  const signedIn = await outlet.login(kunci, 'time@example.com')
  await app.inject({
    method: 'PATCH', url: '/auth/password', headers: bearer(signedIn.accessToken), payload: { oldPassword: outlet.PASSWORD, newPassword: 'Rahasia-baru 7' }
  })
  clock.advance(1)
  const rotated = (await outlet.refresh(kunci, signedIn.cookie)).json().access_token
  const token = await login(kunci, 'time@example.com', 'Rahasia-baru 7')
  t.same(await ownHistory(kunci, token), [
    ['Login - Create Token', redacted(token)],
    ['Refresh - Rotate Token', redacted(rotated)],
    ['Update Password - Revoke Token', redacted(signedIn.accessToken)],
    ['Login - Create Token', redacted(signedIn.accessToken)]
  ])
})

t.test('sessions that end from elsewhere stand there, each by its cause', async t => {
  await outlet.registerVerified(kunci, 'ended@example.com', 'ended')
  const signIn = async () => await login(kunci, 'ended@example.com', outlet.PASSWORD)
  const [byOwner, byLogout] = [await signIn(), await signIn()]
  const inOutlet = await outlet.login(kunci, 'ended@example.com')
  const { data } = (await app.inject({ method: 'GET', url: '/auth/sessions', headers: bearer(inOutlet.accessToken) })).json<{ data: Array<{ id: string }> }>()
  t.equal(data.length, 3)
  await app.inject({ method: 'DELETE', url: `/auth/sessions/${data[2]?.id}`, headers: bearer(inOutlet.accessToken) })
  await app.inject({ method: 'POST', url: '/auth/logout/all', headers: bearer(inOutlet.accessToken) })

  const byRestoration = await signIn()
  await updateProfile(kunci, byRestoration, { email: 'thief.ended@example.com' })
  await restoreEmail(kunci, await restoreToken(kunci, 'ended@example.com'))
  await submitPassword(kunci, await mailedToken(kunci, 'ended@example.com'), NEW)
  const token = await login(kunci, 'ended@example.com', NEW)
  const endings = (await ownHistory(kunci, token)).filter(([activity]) => activity.endsWith('Revoke Token') && !activity.startsWith('Reset'))
  t.same(endings.toSorted(), [
    ['Logout - Revoke Token', redacted(byLogout)],
    ['Logout - Revoke Token', redacted(inOutlet.accessToken)],
    ['Restore Email - Revoke Token', redacted(byRestoration)],
    ['Revoke Session - Revoke Token', redacted(byOwner)]
  ].toSorted())
})
