import { readFile } from 'node:fs/promises'
import t from 'tap'
import { startClone } from './fresh-clone.js'

t.test('the commands of the README work when they are pasted', async t => {
  const readme = await readFile('README.md', 'utf8')
  const [start = '', flow = ''] = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(block => block[1])
  t.equal(start, 'npm ci\nnpm start\n')

  const { url, paste, stop } = await startClone(t)
  const answers = await paste(flow)
  for (const answer of [
    '{"status":200,"message":"register user succes"}',
    '{"status":200,"message":"succes verified email"}',
    '{"status":200,"message":"Get profile success","data":{"id":',
    '{"status":200,"message":"Get sessions success","data":[{"id":',
    '"type":"session.rotated"',
    '{"status":true,"message":"Login successful","data":{"user":{"id":',
    '{"status":200,"message":"Logged out successfully"}'
  ]) t.match(answers, answer)

  await stop()
  await t.rejects(fetch(`${url}/health/live`))
})
