import { pbkdf2Sync } from 'node:crypto'
import { base64Bytes, base64Digest, hexDigest } from './encoded-bytes.js'
import { type CostlyHash, digestHash, type ForeignHash, type HashReader } from './foreign-hash.js'

/** Rounds for each block of the digest, all together: about 0.8 s of one core with SHA-512, half of that with the others. */
const MOST_ROUNDS = 2_000_000

/** Bytes that each hash function makes of one block. */
const blocks = { sha1: 20, sha256: 32, sha512: 64 } as const

function hash (text: string, algorithm: string | undefined, rounds: number, salt: string | Buffer | undefined, digest: Buffer | undefined): ForeignHash | CostlyHash | undefined {
  if (!isAlgorithm(algorithm) || rounds < 1 || salt === undefined || salt.length === 0 || digest === undefined) return undefined
  if (rounds * Math.ceil(digest.length / blocks[algorithm]) > MOST_ROUNDS) return 'pbkdf2_cost'
  return digestHash(text, digest, password => pbkdf2Sync(password, salt, rounds, digest.length, algorithm))
}

function isAlgorithm (text: string | undefined): text is keyof typeof blocks {
  return text !== undefined && text in blocks
}

/** `$pbkdf2-sha256$29000$salt$digest`, in base64; `$pbkdf2$` is SHA-1: passlib's, and PHC's with `i=29000,l=32`. */
const readPasslib: HashReader = text => {
  const [, algorithm = 'sha1', rounds, salt = '', digest = ''] = /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,10})(?:,l=\d{1,3})?\$([^$]+)\$([^$]+)$/.exec(text) ?? []
  return hash(text, algorithm, Number(rounds), base64Bytes(salt), base64Digest(digest))
}

/** `pbkdf2_sha256$600000$salt$digest`, the salt as text and the digest in base64: Django's. */
const readDjango: HashReader = text => {
  const [, algorithm, rounds, salt, digest = ''] = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,10})\$([^$]{1,128})\$([^$]+)$/.exec(text) ?? []
  return hash(text, algorithm, Number(rounds), salt, base64Digest(digest))
}

/** `pbkdf2:sha256:600000$salt$digest`, the salt as text and the digest in hexadecimal: Werkzeug's. */
const readWerkzeug: HashReader = text => {
  const [, algorithm, rounds, salt, digest = ''] = /^pbkdf2:(sha1|sha256|sha512):(\d{1,10})\$([^$]{1,128})\$([^$]+)$/.exec(text) ?? []
  return hash(text, algorithm, Number(rounds), salt, hexDigest(digest))
}

/** PBKDF2 with SHA-1, SHA-256 or SHA-512 in the encodings of passlib and PHC, Django and Werkzeug. */
export const readPbkdf2: HashReader = text => readPasslib(text) ?? readDjango(text) ?? readWerkzeug(text)
