import { api, type Part, type User } from './api.js'

/** What an account is called: by its name where it has one. */
export function nameOf ({ name, username, email }: Pick<User, 'name' | 'username' | 'email'>): string {
  return name ?? username ?? email
}

/** What accounts are called, by id; none of those that are gone or never were. */
export type Names = ReadonlyMap<string, string>

/** A row, and what the accounts are called that it names. */
export interface WithNames<Row> {
  row: Row
  names: Names
}

const MOST_IDS = 100

/**
 * Adds to the rows of a list what the accounts in them are called, so that both appear at once.
 *
 * @param idsIn the accounts that a row names
 * @param mayRead whether accounts may be read; without it their ids have to do
 */
export async function withNames<Row> ({ data, next }: Part<Row>, idsIn: (row: Row) => ReadonlyArray<string | null>, mayRead: boolean, signal: AbortSignal): Promise<Part<WithNames<Row>>> {
  const ids = mayRead ? [...new Set(data.flatMap(idsIn).filter(id => id !== null))] : []
  const names = new Map<string, string>()
  for (let from = 0; from < ids.length; from += MOST_IDS) {
    const found = await api.users({ ids: ids.slice(from, from + MOST_IDS).join(','), limit: String(MOST_IDS) }, signal)
    for (const user of found.data) names.set(user.id, nameOf(user))
  }
  return { data: data.map(row => ({ row, names })), next }
}
