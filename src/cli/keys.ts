import type { Command } from 'commander'
import { readDatabaseClock } from '../../db/clock.js'
import type { Config } from '../config.js'
import { currentKey, KEY_NOTICE, readSigningKeys, rotateSigningKeys, type SigningKey } from '../domain/signing-keys.js'
import { onInstallation } from './installation.js'

/** Seconds until a key signs that is wanted now: every instance reads the keys more often than that. */
const SHORT_NOTICE = 8

/** `kunci keys list` and `kunci keys rotate`. */
export function addKeyCommands (program: Command, readConfig: () => Config): void {
  const keys = program.command('keys').description('the keys that sign access tokens')

  keys.command('list')
    .description('which there are, in the order in which they sign')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const { known, now } = await onInstallation(readConfig(), async ({ db, secrets }) => ({ known: await readSigningKeys(db, secrets), now: await readDatabaseClock(db) }))
      const current = currentKey(known, now)
      print(known.map(key => describe(key, key === current ? 'signs' : key.signsFrom > now ? 'next' : 'verifies')), json)
    })

  keys.command('rotate')
    .description(`makes the next key; it is published at once and signs in ${KEY_NOTICE / 60} minutes, when every set of keys that gateways keep has been fetched anew`)
    .option('--now', `let it sign in ${SHORT_NOTICE} seconds; gateways that keep the published keys refuse its tokens until they fetch them anew`)
    .option('--json', 'as JSON')
    .action(async ({ now, json }: { now?: true, json?: true }) => {
      const config = readConfig()
      const key = await onInstallation(config, async ({ db, secrets }) =>
        await rotateSigningKeys(db, secrets, config.jwtAlgorithm, now === true ? SHORT_NOTICE : KEY_NOTICE, await readDatabaseClock(db)))
      print([describe(key, 'next')], json)
    })
}

type Described = { kid: string, algorithm: string, signsFrom: string, state: string }

function describe ({ kid, algorithm, signsFrom }: SigningKey, state: string): Described {
  return { kid, algorithm, signsFrom: signsFrom.toISOString(), state }
}

function print (keys: readonly Described[], json: true | undefined): void {
  const lines = json === true ? [JSON.stringify(keys)] : keys.map(({ kid, algorithm, signsFrom, state }) => `${kid}  ${algorithm}  from ${signsFrom}  ${state}`)
  process.stdout.write(`${lines.join('\n')}\n`)
}
