import { readFile } from 'node:fs/promises'
import t from 'tap'
import { startClone } from './fresh-clone.js'

t.test('the commands of docs/administration.md work when they are pasted', async t => {
  const page = await readFile('docs/administration.md', 'utf8')
  const [start = '', flow = ''] = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(block => block[1])
  const [, email = '', password = ''] = /^ADMIN_EMAIL=(\S+) ADMIN_PASSWORD='(\S+)' npm start\n$/.exec(start) ?? []

  const { paste, stop } = await startClone(t, { ADMIN_EMAIL: email, ADMIN_PASSWORD: password })
  const answers = (await paste(flow)).trim().split('\n').map(line => JSON.parse(line))
  t.strictSame(answers.map(({ status, message }) => `${status} ${message}`), [
    '200 Role updated',
    '200 Get roles success',
    '200 Get outlets success',
    '200 Get users success',
    '200 User updated',
    '200 User roles updated',
    '200 Password reset requested',
    '200 User disabled',
    '200 User enabled',
    '200 Get sessions success',
    '200 Sessions ended',
    '201 Invitation sent',
    '200 Get invitations success',
    '200 register user succes',
    '200 Get events success',
    '200 Get events success',
    '200 User deleted'
  ])
  t.match(answers[3].data, [{ email: 'budi@example.com', roles: [{ name: 'cashier' }] }])
  t.match(answers[4].data, { name: 'Budi Santoso', outlet: { name: 'Second Outlet' } })
  t.equal(answers[15].data.length, 1)
  await stop()
})
