import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sample } from './sampler.js'

export interface RunningServer {
  url: string
  /** milliseconds from its start until it was ready */
  startedIn: number
  /** bytes of its log so far, if it has one */
  sample: () => Promise<Sample>
  stop: () => Promise<void>
}

export interface ServerOptions {
  /** what Node.js is told: its own options, then the script */
  args: string[]
  env: Record<string, string>
  /** the path that answers 200 once it is ready */
  ready: string
  /** the file that its standard output goes to */
  log: string
}

const sampler = new URL('sampler.js', import.meta.url).href
const PATIENCE = 30_000

/**
 * Starts a server as a process of its own on a free port of the loopback.
 *
 * @throws Error when it ends, or is not ready within 30 seconds
 */
export async function startServer ({ args, env, ready, log }: ServerOptions): Promise<RunningServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const began = performance.now()
  const child = spawn(process.execPath, ['--import', sampler, ...args], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: ['ignore', openSync(log, 'a'), 'inherit', 'ipc']
  })
  while (!await answers(url + ready)) {
    if (child.exitCode !== null) throw new Error(`${args.at(-1)} ended with exit code ${child.exitCode}`)
    if (performance.now() - began > PATIENCE) throw new Error(`${args.at(-1)} was not ready within ${PATIENCE / 1000} s`)
    await delay(5)
  }
  const startedIn = performance.now() - began
  return { url, startedIn, sample: async () => await sampleOf(child), stop: async () => { await end(child) } }
}

async function answers (url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}

async function sampleOf (child: ChildProcess): Promise<Sample> {
  child.send('sample')
  const [sample] = await once(child, 'message') as [Sample]
  return sample
}

async function end (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
