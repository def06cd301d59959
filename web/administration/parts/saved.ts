/**
 * Saves of what is wanted only what differs from what there is, so that nothing is written over that somebody else changed meanwhile.
 *
 * @returns what there is then
 */
export async function saved<Kept extends object, Wanted extends object> (kept: Kept, wanted: Wanted, save: (change: Partial<Wanted>) => Promise<Kept>): Promise<Kept> {
  const known = kept as Readonly<Record<string, unknown>>
  const change = Object.entries(wanted).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(known[field]))
  return change.length === 0 ? kept : await save(Object.fromEntries(change) as Partial<Wanted>)
}
