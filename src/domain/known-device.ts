import { randomUUID } from 'node:crypto'
import type { ReferenceSigner } from './signed-reference.js'

/**
 * A device on which an account signed in by its password. That is no credential: it lets nobody in, and only keeps the wrong
 * passwords of strangers apart from those of the device.
 */
export interface KnownDevice {
  accountId: string
  /** a random UUID */
  deviceId: string
}

/** @returns the first of the devices on which the account signed in; undefined also where there is no account */
export function deviceOfAccount (devices: readonly KnownDevice[], accountId: string | undefined): KnownDevice | undefined {
  return devices.find(device => device.accountId === accountId)
}

/**
 * @param known devices that the browser was known as before: the one of the account stays what it is
 * @returns the token by which the browser is known from now on; nothing of it is stored
 */
export function issueDeviceToken (references: ReferenceSigner, accountId: string, known: readonly KnownDevice[], now: Date): string {
  const { deviceId } = deviceOfAccount(known, accountId) ?? { deviceId: randomUUID() }
  return references.sign('device', { accountId, rowId: deviceId, counter: secondsOf(now) })
}

/**
 * @param lifetime seconds from its issue for which a token is good
 * @returns the devices that the texts speak of, in their order; those that were not issued here, or too long ago, are left out
 */
export function readDeviceTokens (references: ReferenceSigner, texts: readonly string[], lifetime: number, now: Date): KnownDevice[] {
  return texts.flatMap(text => {
    const token = references.read('device', text)
    const isGood = token !== undefined && secondsOf(now) - token.counter < lifetime
    return isGood ? [{ accountId: token.accountId, deviceId: token.rowId }] : []
  })
}

function secondsOf (moment: Date): number {
  return Math.floor(moment.getTime() / 1000)
}
