import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { createFolder } from '../folder.js'
import { listeningUrl } from './listening-url.js'

t.test('the commands of the README work when they are pasted', async t => {
  const readme = await readFile('README.md', 'utf8')
  const [start = '', flow = ''] = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(block => block[1])
  t.equal(start, 'npm ci\nnpm start\n')

  // A folder of its own stands in for the fresh clone, so that nobody's data is touched.
  const clone = await createFolder(t)
  for (const name of ['package.json', 'dist', 'drizzle']) await cp(name, join(clone, name), { recursive: true })
  await symlink(resolve('node_modules'), join(clone, 'node_modules'))

  const server = spawn('npm', ['start'], { cwd: clone, env: { PATH: process.env['PATH'], PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await listeningUrl(server)
  const port = new URL(url).port
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', flow.replace('3000', port)], { cwd: clone })
  for (const answer of [
    '{"status":200,"message":"register user succes"}',
    '{"status":200,"message":"succes verified email"}',
    '{"status":200,"message":"Get profile success","data":{"id":',
    '{"status":200,"message":"Get sessions success","data":[{"id":',
    '"type":"session.rotated"',
    '{"status":true,"message":"Login successful","data":{"user":{"id":',
    '{"status":200,"message":"Logged out successfully"}'
  ]) t.match(stdout, answer)

  const closed = once(server.stdout, 'close')
  // To npm alone, as a supervisor would: its shell does not pass the signal on, and yet the server must not stay behind.
  server.kill('SIGTERM')
  await closed
  await t.rejects(fetch(`${url}/health/live`))
})
