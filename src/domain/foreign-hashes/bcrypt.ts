import { createHash } from 'node:crypto'
import { verifySync } from '@node-rs/bcrypt'
import type { CostlyHash, ForeignHash } from './foreign-hash.js'

/** About 0.9 s of one core. */
const MOST_ROUNDS = 14

/** Django hashes the password by SHA-256 first (`bcrypt_sha256$`), or names bcrypt before what bcrypt says (`bcrypt$`). */
const FORM = /^(?:(bcrypt|bcrypt_sha256)\$)?(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26])$/

/** bcrypt as `$2a$`, `$2b$` or `$2y$`, which differ in name alone; `$2x$` is that of a faulty implementation. */
export function readBcrypt (text: string): ForeignHash | CostlyHash | undefined {
  const [, origin, hash, rounds] = FORM.exec(text) ?? []
  if (hash === undefined || Number(rounds) < 4) return undefined
  if (Number(rounds) > MOST_ROUNDS) return 'bcrypt_cost'
  return {
    stored: text,
    matches: password => {
      if (origin === 'bcrypt_sha256') return verifySync(createHash('sha256').update(password).digest('hex'), hash)
      // bcrypt repeats a short key after a NUL, so that `a`, NUL, `a` would be `a`.
      return verifySync(password, hash) && !password.includes('\0')
    }
  }
}
