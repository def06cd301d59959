import type { Command } from 'commander'
import type { Config } from '../config.js'
import { currentKey, KEY_NOTICE, readSigningKeys, rotateSigningKeys, type SigningKey } from '../domain/signing-keys.js'
import { finish } from './arguments.js'
import { onInstallation } from './installation.js'
import { printDone, printList } from './output.js'

/** Seconds until a key signs that is wanted now: every instance reads the keys more often than that. */
const SHORT_NOTICE = 8

/** `kunci keys list` and `kunci keys rotate`. */
export function addKeyCommands (program: Command, readConfig: () => Config): void {
  const keys = program.command('keys').description('the keys that sign access tokens')

  const list = keys.command('list').description('which there are, in the order in which they sign')
  finish(list, 'kunci keys list').action(async () => {
    const { known, now } = await onInstallation(readConfig(), async ({ db, now, secrets }) => ({ known: await readSigningKeys(db, await secrets()), now }))
    const current = currentKey(known, now)
    printList(list, { rows: known.map(key => describe(key, key === current ? 'signs' : key.signsFrom > now ? 'next' : 'verifies')), next: null }, {
      KID: key => key.kid,
      ALGORITHM: key => key.algorithm,
      'SIGNS FROM': key => key.signsFrom,
      STATE: key => key.state
    })
  })

  const rotate = keys.command('rotate')
    .description(`makes the next key; it is published at once and signs in ${KEY_NOTICE / 60} minutes, when every set of keys that gateways keep has been fetched anew`)
    .option('--now', `let it sign in ${SHORT_NOTICE} seconds; gateways that keep the published keys refuse its tokens until they fetch them anew`)
  finish(rotate, 'kunci keys rotate').action(async ({ now }: { now?: true }) => {
    const config = readConfig()
    const key = await onInstallation(config, async ({ db, now: time, secrets }) =>
      await rotateSigningKeys(db, await secrets(), config.jwtAlgorithm, now === true ? SHORT_NOTICE : KEY_NOTICE, time))
    printDone(rotate, describe(key, 'next'), [`The next key signs from ${key.signsFrom.toISOString()}: ${key.kid}`])
  })
}

/** A key without its private part. */
function describe ({ kid, algorithm, signsFrom }: SigningKey, state: 'next' | 'signs' | 'verifies') {
  return { kid, algorithm, signsFrom, state }
}
