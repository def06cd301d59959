import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scheduler } from 'node:timers/promises'
import PostalMime from 'postal-mime'
import type { Test } from 'tap'
import { createFolder } from '../../folder.js'
import { listeningUrl } from '../listening-url.js'

export interface RunningKunci {
  url: string
  /** `host:port`, as a gateway's configuration names it */
  host: string
  /** @returns the token of the first mail to an address, once it is there */
  mailedToken: (to: string) => Promise<string>
  /** from here on it takes connections and says nothing */
  freeze: () => void
  end: () => Promise<void>
}

export const ADMINISTRATOR = { email: 'admin@example.com', password: 'Password123!' }

/** The built server with a database and an administrator of its own, behind a gateway on this machine. */
export async function startKunci (t: Test, env: Record<string, string> = {}): Promise<RunningKunci> {
  const dataDir = env['DATA_DIR'] ?? await createFolder(t)
  const server = spawn(process.execPath, ['dist/src/server.js'], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: dataDir,
      TRUST_PROXY: '127.0.0.1',
      RATE_LIMIT: 'on',
      PUBLIC_URL: 'https://auth.test',
      ADMIN_EMAIL: ADMINISTRATOR.email,
      ADMIN_PASSWORD: ADMINISTRATOR.password,
      ...env
    },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const exited = once(server, 'exit')
  function freeze (): void {
    server.kill('SIGSTOP')
  }
  async function end (): Promise<void> {
    server.kill('SIGCONT')
    server.kill('SIGTERM')
    await exited
  }
  t.teardown(end)
  const url = await listeningUrl(server)

  async function mailedToken (to: string): Promise<string> {
    for (;;) {
      const folder = join(dataDir, 'mail')
      // A mail that is being written has another ending.
      for (const file of (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.eml'))) {
        const mail = await PostalMime.parse(await readFile(join(folder, file)))
        const token = /[?&]token=([\w-]+)/.exec(mail.text ?? '')?.[1]
        if (token !== undefined && mail.to?.some(address => address.address === to)) return token
      }
      await scheduler.wait(50)
    }
  }

  return { url, host: new URL(url).host, mailedToken, freeze, end }
}
