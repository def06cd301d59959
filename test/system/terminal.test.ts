import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { json, newEnvironment, run } from '../cli/kunci.js'

/**
 * Runs a command on a terminal, which `script` of util-linux gives it.
 *
 * @param keys what is typed once the command has asked
 */
async function onTerminal (env: Record<string, string>, args: readonly string[], asked: string, keys: string): Promise<{ code: number | null, shown: string }> {
  const words = ['env', '-i', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), process.execPath, 'build/src/cli.js', ...args]
  const script = spawn('script', ['-qec', words.map(word => `'${word}'`).join(' '), '/dev/null'], { stdio: 'pipe' })
  const end = { code: null as number | null, shown: '' }
  let isTyped = false
  script.stdout.on('data', (chunk: Buffer) => {
    end.shown += chunk.toString().replaceAll('\r\n', '\n')
    if (isTyped || !end.shown.includes(asked)) return
    isTyped = true
    script.stdin.write(keys)
  })
  const [code] = await once(script, 'close') as [number | null]
  end.code = code
  return end
}

const env = await newEnvironment(t)
await run(env, ['user', 'create', 'siti@example.com', '--username', 'siti'])
const { id } = json<{ id: string }>(await run(env, ['user', 'show', 'siti', '--json']))
const question = `Delete siti@example.com (${id}) for good, with its sessions, roles and mails? [y/N] `

t.test('deleting asks, and whatever is no yes deletes nothing', async t => {
  for (const [keys, echo] of [['n\n', 'n\n'], ['\n', '\n'], ['yess\n', 'yess\n'], ['\u0004', '']] as const) {
    t.same(await onTerminal(env, ['user', 'delete', 'siti'], '[y/N] ', keys), { code: 1, shown: `${question}${echo}kunci: nothing was done\n` })
  }
  const interrupted = await onTerminal(env, ['user', 'delete', 'siti'], '[y/N] ', '\u0003')
  t.equal(interrupted.code, 130)
  t.equal((await run(env, ['user', 'show', 'siti'])).code, 0)
})

t.test('a password that is typed is not shown', async t => {
  const password = 'Rahasia-baru 7'
  const set = await onTerminal(env, ['user', 'reset-password', 'siti', '--password-stdin'], 'Password (not shown): ', `${password}\n`)
  t.same(set, { code: 0, shown: 'Password (not shown): \nsiti@example.com has the new password. 0 sessions ended, and the address is told by mail.\n' })
  const interrupted = await onTerminal(env, ['user', 'reset-password', 'siti', '--password-stdin'], 'Password (not shown): ', `${password}\u0003`)
  t.equal(interrupted.code, 130)
  t.notMatch(interrupted.shown, password)
})

t.test('a yes deletes', async t => {
  t.same(await onTerminal(env, ['user', 'delete', 'siti'], '[y/N] ', 'Yes\n'), { code: 0, shown: `${question}Yes\nsiti@example.com is deleted.\n` })
  t.equal((await run(env, ['user', 'show', 'siti'])).code, 1)
})
