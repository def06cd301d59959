import type postgres from 'postgres'

/**
 * Guards against a fault of the driver: when a statement fails after its first rows, as by a timeout, the next one on that
 * connection gets its rows behind as many holes (porsager/postgres#1181). A row that is there would count as missing: a good
 * token would be refused.
 *
 * @returns the same client, whose `unsafe`, by which Drizzle asks, gives rows without holes
 */
export function withDenseRows (client: postgres.Sql): postgres.Sql {
  const ask: (...args: Parameters<typeof client.unsafe>) => PromiseLike<readonly unknown[]> = client.unsafe
  return Object.assign(client, {
    unsafe (...args: Parameters<typeof client.unsafe>) {
      const query = ask(...args)
      const then = query.then.bind(query)
      return Object.assign(query, {
        then: (onRows?: (rows: readonly unknown[]) => unknown, onError?: (error: unknown) => unknown) =>
          then(rows => onRows === undefined ? rows : onRows(dense(rows)), onError)
      })
    }
  })
}

function dense (rows: readonly unknown[]): readonly unknown[] {
  if (rows.length === 0 || 0 in rows) return rows
  const { count } = rows as { count?: number }
  return Object.assign(rows.filter(() => true), { count })
}
