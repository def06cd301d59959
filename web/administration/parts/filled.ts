/** @returns of what was typed the fields that are not empty */
export function filled<Name extends string> (values: Record<string, string>, ...names: Name[]): Partial<Record<Name, string>> {
  const typed: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const value = values[name]
    if (value !== undefined && value !== '') typed[name] = value
  }
  return typed
}
