import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { documentedConfiguration } from '../../docs/gateways/page.js'
import { createFolder } from '../../folder.js'

/** Every text in a configuration that goes on over several lines, which only scripts do. */
function scriptsIn (part: unknown): string[] {
  if (typeof part === 'string') return part.includes('\n') ? [part] : []
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(scriptsIn) : []
}

/** Lets HAProxy's Lua read a script as the body of a function that is never called. */
async function readAsLua (t: Test, script: string): Promise<void> {
  const folder = await createFolder(t)
  const [body, configuration] = [join(folder, 'script.lua'), join(folder, 'haproxy.cfg')]
  await writeFile(body, `local function never ()\n${script}\nend\n`)
  await writeFile(configuration, `global\n  lua-load ${body}\nlisten none\n  mode http\n  bind 127.0.0.1:1\n  timeout connect 1s\n  timeout client 1s\n  timeout server 1s\n`)
  await promisify(execFile)('haproxy', ['-c', '-f', configuration], { env: { PATH: '/usr/sbin:/usr/bin' } })
}

t.test("the scripts in Kong's and Envoy's pages are Lua", async t => {
  for (const [page, count] of [['kong', 2], ['envoy', 1]] as const) {
    const scripts = scriptsIn(parse(await documentedConfiguration(page, 'yaml', [])))
    t.equal(scripts.length, count)
    for (const script of scripts) {
      await t.resolves(readAsLua(t, script), page)
      await t.rejects(readAsLua(t, script.replace(/\bend\b/, '')), { message: /lua/i }, 'and with a mistake are not')
    }
  }
})
