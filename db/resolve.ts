import { startEmbeddedDatabase } from './embedded/start.js'

export interface DatabaseSource {
  /** postgres:// URL; undefined starts the embedded database */
  url: string | undefined
  /** postgres:// URL for migrations, which need a session of their own; `url` where undefined */
  directUrl: string | undefined
  /** the folder of the embedded database */
  dataDir: string
}

export interface ResolvedDatabase {
  url: string
  directUrl: string
  /** Leaves the embedded database, if that is what it is. */
  stop: () => Promise<void>
}

/**
 * Finds the database that is configured, or starts or joins the embedded one.
 *
 * @throws EmbeddedDatabaseError when that cannot be had
 */
export async function resolveDatabase ({ url, directUrl, dataDir }: DatabaseSource): Promise<ResolvedDatabase> {
  if (url !== undefined) return { url, directUrl: directUrl ?? url, stop: async () => {} }
  const embedded = await startEmbeddedDatabase({ dataDir })
  return { url: embedded.url, directUrl: embedded.url, stop: embedded.stop }
}
