import type { SourceLine } from '../../domain/account-import/import-problem.js'
import type { TextLine } from './lines.js'

/** Reads JSON Lines: an object a line. */
export async function * readJsonLines (lines: AsyncIterable<TextLine>): AsyncGenerator<SourceLine> {
  for await (const read of lines) {
    const { line } = read
    const fields = 'text' in read ? parseObject(read.text) : undefined
    if (fields !== undefined) yield { line, fields }
    else yield { line, problems: [{ field: '', rule: 'rule' in read ? read.rule : 'json' }] }
  }
}

function parseObject (text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
