import { requirePassword } from '../domain/password-rules.js'
import type { ContractPolicy } from '../domain/policy.js'
import { UsageError } from './refusal.js'
import { askUnseen } from './terminal.js'

/** Bytes beyond which nothing on standard input can be a password. */
const LONGEST_INPUT = 8192

/**
 * Reads a password that is being chosen from standard input: its only line. On a terminal it is asked for and not shown.
 *
 * @param policy of the contract whose rule it must keep
 * @throws AuthError `invalid_input`, UsageError where the input is no line of text
 */
export async function readNewPassword ({ passwordRule }: ContractPolicy): Promise<string> {
  const password = process.stdin.isTTY ? await askUnseen('Password (not shown): ') : await readLine()
  requirePassword(password, passwordRule)
  return password
}

async function readLine (): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk)
    length += chunk.length
    if (length > LONGEST_INPUT) throw notOneLine()
  }
  const text = decode(Buffer.concat(chunks)).replace(/\r?\n$/, '')
  if (/[\0\r\n]/.test(text)) throw notOneLine()
  return text
}

function decode (bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notOneLine()
  }
}

function notOneLine (): UsageError {
  return new UsageError('--password-stdin takes one line of UTF-8 on standard input: the password')
}
