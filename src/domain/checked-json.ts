import type { Static, TSchema } from '@sinclair/typebox'
import type { TypeCheck } from '@sinclair/typebox/compiler'

/** @returns what a text from elsewhere says, undefined unless it is JSON of this form */
export function readJson<Form extends TSchema> (text: string, form: TypeCheck<Form>): Static<Form> | undefined {
  const read = parse(text)
  return form.Check(read) ? read : undefined
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
