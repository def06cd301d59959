import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { documentedConfiguration } from '../../docs/gateways/page.js'

/** Pastes what a newcomer checks a gateway with. @param afterwards what a token gets whose session has ended */
export async function showChecking (t: Test, gateway: string, afterwards = '401'): Promise<void> {
  const commands = await documentedConfiguration('README', 'sh', [['https://app.example.com', gateway]])
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands])
  const [diagnosis = '', ...others] = stdout.trimEnd().split('\n')
  t.match(JSON.parse(diagnosis), {
    data: { client: { value: '127.0.0.1', from: 'x-forwarded-for' }, host: { value: new URL(gateway).host, from: 'x-forwarded-host' }, trustProxy: { fits: true } }
  })
  t.same(others, ['401', '200', '{"status":200,"message":"Logged out successfully"}', afterwards])
}
