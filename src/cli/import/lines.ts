/** Bytes of a line beyond which it is passed over. */
export const LONGEST_LINE = 65_536

export type TextLine = { line: number, text: string } | { line: number, rule: 'encoding' | 'line_too_long' }

/**
 * Splits a UTF-8 file into its lines, ended by LF or CRLF, without those that are blank; never more of it is kept than a chunk and
 * one line.
 */
export async function * readLines (chunks: AsyncIterable<Buffer>): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 0
  let parts: Buffer[] = []
  let length = 0

  function keep (part: Buffer): void {
    length += part.length
    if (length > LONGEST_LINE) parts = []
    else parts.push(part)
  }

  function end (): TextLine | undefined {
    line++
    const bytes = Buffer.concat(parts)
    const isTooLong = length > LONGEST_LINE
    parts = []
    length = 0
    if (isTooLong) return { line, rule: 'line_too_long' }
    try {
      // The decoder takes a byte order mark away, as it may begin the file.
      const text = decoder.decode(bytes).replace(/\r$/, '')
      return text.trim() === '' ? undefined : { line, text }
    } catch {
      return { line, rule: 'encoding' }
    }
  }

  for await (const chunk of chunks) {
    let start = 0
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', start)) {
      keep(chunk.subarray(start, at))
      start = at + 1
      const ended = end()
      if (ended !== undefined) yield ended
    }
    keep(chunk.subarray(start))
  }
  const last = end()
  if (last !== undefined) yield last
}
