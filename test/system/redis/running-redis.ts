import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { scheduler } from 'node:timers/promises'
import { createClient } from '@redis/client'
import type { Test } from 'tap'
import { createFolder } from '../../folder.js'
import type { Kunci } from '../../helper.js'
import { freePort } from '../gateways/free-port.js'

/** Whom the password of the test's Redis would be of use to must not find it in a log. */
const PASSWORD = 'geheim'

export interface RunningRedis {
  url: string
  start: () => Promise<void>
  /** without a word, and without what it knew */
  kill: () => Promise<void>
  /** It keeps its connections and answers nothing. */
  hang: () => void
  wake: () => void
}

/** A Redis of the test's own, ended with it by its process id. */
export async function startRedis (t: Test): Promise<RunningRedis> {
  const port = await freePort()
  const folder = await createFolder(t)
  const url = `redis://:${PASSWORD}@127.0.0.1:${port}`
  let server: ChildProcess | undefined

  async function start (): Promise<void> {
    const started = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--requirepass', PASSWORD, '--dir', folder, '--save', '', '--appendonly', 'no'], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, stdio: 'ignore'
    })
    let failure: string | undefined
    started.once('error', error => { failure = error.message })
    started.once('exit', code => { failure = `exit code ${code}` })
    server = started
    while (!await answers(url)) {
      if (failure !== undefined) throw new Error(`redis-server did not start: ${failure}`)
      await scheduler.wait(20)
    }
  }

  async function kill (): Promise<void> {
    const running = server
    server = undefined
    if (running === undefined) return
    const exited = once(running, 'exit')
    running.kill('SIGKILL')
    await exited
  }

  t.teardown(kill)
  await start()
  return { url, start, kill, hang: () => { server?.kill('SIGSTOP') }, wake: () => { server?.kill('SIGCONT') } }
}

/** A client of the test's own, as anyone may have who can reach the Redis; it goes with the test. */
export async function stranger (t: Test, url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  t.teardown(() => { client.destroy() })
  return client
}

/** Until an instance has noticed that its Redis went away or came back; the time limit of the test ends this otherwise. */
export async function noticed (kunci: Kunci, isThere: boolean): Promise<void> {
  while (kunci.app.redis?.isThere() !== isThere) await scheduler.wait(5)
}

async function answers (url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    client.destroy()
  }
}
