import type { Asset, Encoding } from './built-pages.js'

const preferred: readonly Encoding[] = ['br', 'gzip']

/** @returns the smallest of an asset's bodies that an `Accept-Encoding` header takes (RFC 9110, section 12.5.3) */
export function acceptedEncoding (header: string | undefined, { bodies }: Asset): Encoding | 'identity' {
  const accepted = new Set<string>()
  for (const part of header?.split(',') ?? []) {
    const [name = '', ...parameters] = part.split(';').map(text => text.trim().toLowerCase())
    if (!parameters.some(parameter => /^q=0(?:\.0*)?$/.test(parameter))) accepted.add(name)
  }
  return preferred.find(encoding => accepted.has(encoding) && bodies[encoding] !== undefined) ?? 'identity'
}
