import { createCipheriv, scryptSync, type ScryptOptions } from 'node:crypto'
import { base64Bytes, base64Digest, hexDigest } from './encoded-bytes.js'
import { type CostlyHash, digestHash, type ForeignHash, type HashReader, MOST_MEMORY } from './foreign-hash.js'

/** N times r times p: about 0.6 s of one core. At 128 bytes for each N and r it bounds the memory as well. */
const MOST_WORK = MOST_MEMORY * 8
const MOST_LANES = 16
const LARGEST_BLOCK = 64

type Checked = ScryptOptions | CostlyHash | undefined

function check (N: number, r: number, p: number): Checked {
  if (N < 2 || !Number.isInteger(Math.log2(N)) || r < 1 || p < 1) return undefined
  return N * r * p > MOST_WORK || r > LARGEST_BLOCK || p > MOST_LANES ? 'scrypt_cost' : { N, r, p, maxmem: MOST_MEMORY * 1024 + 1_048_576 }
}

function plain (text: string, options: Checked, salt: string | Buffer | undefined, digest: Buffer | undefined): ForeignHash | CostlyHash | undefined {
  if (options === undefined || salt === undefined || salt.length === 0 || digest === undefined) return undefined
  return typeof options === 'string' ? options : digestHash(text, digest, password => scryptSync(password, salt, digest.length, options))
}

/** `$scrypt$ln=15,r=8,p=1$salt$digest`, in base64: PHC's and passlib's. */
const readPhc: HashReader = text => {
  const [, ln, r, p, salt = '', digest = ''] = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,8}),p=(\d{1,8})\$([^$]+)\$([^$]+)$/.exec(text) ?? []
  return plain(text, check(2 ** Number(ln), Number(r), Number(p)), base64Bytes(salt), base64Digest(digest))
}

/** `scrypt:32768:8:1$salt$digest`, the salt as text and the digest in hexadecimal: Werkzeug's. */
const readWerkzeug: HashReader = text => {
  const [, N, r, p, salt, digest = ''] = /^scrypt:(\d{1,8}):(\d{1,8}):(\d{1,8})\$([^$]{1,128})\$([^$]+)$/.exec(text) ?? []
  return plain(text, check(Number(N), Number(r), Number(p)), salt, hexDigest(digest))
}

/** `scrypt$16384$salt$8$5$digest`, the salt as text and the digest in base64: Django's. */
const readDjango: HashReader = text => {
  const [, N, salt, r, p, digest = ''] = /^scrypt\$(\d{1,8})\$([^$]{1,128})\$(\d{1,8})\$(\d{1,8})\$([^$]+)$/.exec(text) ?? []
  return plain(text, check(Number(N), Number(r), Number(p)), salt, base64Digest(digest))
}

/**
 * `$fbscrypt$v=1,n=14,r=8,p=1,ss=separator,sk=key$salt$digest`, in base64: Firebase's, in which what scrypt makes encrypts the project's
 * signer key, as Supabase writes it down.
 */
const readFirebase: HashReader = text => {
  const [, n, r, p, separatorText = '', keyText = '', saltText = '', digestText = ''] =
    /^\$fbscrypt\$v=1,n=(\d{1,2}),r=(\d{1,8}),p=(\d{1,8}),ss=([^$,]*),sk=([^$,]+)\$([^$]+)\$([^$]+)$/.exec(text) ?? []
  const options = check(2 ** Number(n), Number(r), Number(p))
  const separator = separatorText === '' ? Buffer.alloc(0) : base64Bytes(separatorText)
  const key = base64Bytes(keyText)
  const salt = base64Bytes(saltText)
  const digest = base64Digest(digestText)
  if (options === undefined || separator === undefined || key === undefined || salt === undefined || digest?.length !== key.length) return undefined
  if (typeof options === 'string') return options
  return digestHash(text, digest, password => {
    const cipher = createCipheriv('aes-256-ctr', scryptSync(password, Buffer.concat([salt, separator]), 32, options), Buffer.alloc(16))
    return Buffer.concat([cipher.update(key), cipher.final()])
  })
}

/** scrypt in the encodings of PHC and passlib, Werkzeug, Django and Firebase. */
export const readScrypt: HashReader = text => readPhc(text) ?? readWerkzeug(text) ?? readDjango(text) ?? readFirebase(text)
