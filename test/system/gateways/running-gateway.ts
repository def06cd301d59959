import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { scheduler } from 'node:timers/promises'
import type { Test } from 'tap'

/** Starts a gateway in the foreground and waits until it listens; ended with the test, by its own process id. */
export async function startGateway (t: Test, command: string, args: string[], port: number, env: Record<string, string> = {}): Promise<void> {
  const output: string[] = []
  const gateway = spawn(command, args, { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [gateway.stdout, gateway.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { output.push(text) })
  let failure: string | undefined
  gateway.once('error', error => { failure = error.message })
  gateway.once('exit', code => { failure = `exit code ${code}` })
  t.teardown(async () => {
    if (failure !== undefined) return
    gateway.kill('SIGTERM')
    await once(gateway, 'exit')
  })
  while (!await listens(port)) {
    if (failure !== undefined) throw new Error(`${command} did not start: ${failure}\n${output.join('')}`)
    await scheduler.wait(20)
  }
}

async function listens (port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isOpen = await once(socket, 'connect').then(() => true, () => false)
  socket.destroy()
  return isOpen
}
