import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { createFolder } from '../folder.js'
import { listeningUrl } from './listening-url.js'

export interface FreshClone {
  /** where its server listens */
  url: string
  /** Runs lines that a page says to paste into a second terminal, as bash does; what they print. */
  paste: (lines: string) => Promise<string>
  /** Ends the server, as a supervisor would. */
  stop: () => Promise<void>
}

/** Starts the server by `npm start` in a folder of its own, which stands in for a fresh clone, so that nobody's data is touched. */
export async function startClone (t: Test, env: Record<string, string> = {}): Promise<FreshClone> {
  const clone = await createFolder(t)
  for (const name of ['package.json', 'dist', 'drizzle']) await cp(name, join(clone, name), { recursive: true })
  await symlink(resolve('node_modules'), join(clone, 'node_modules'))
  const server = spawn('npm', ['start'], { cwd: clone, env: { PATH: process.env['PATH'], PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await listeningUrl(server)
  return {
    url,
    async paste (lines) {
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', lines.replace('3000', new URL(url).port)], { cwd: clone })
      return stdout
    },
    async stop () {
      const closed = once(server.stdout, 'close')
      // To npm alone: its shell does not pass the signal on, and yet the server must not stay behind.
      server.kill('SIGTERM')
      await closed
    }
  }
}
