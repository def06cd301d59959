import { startEmbeddedDatabase } from '../../db/embedded/start.js'
import { clusterFolder, forgetCluster } from './cluster.js'

/** Joins the run's server and, as its last user, stops it. */
if (process.env['TEST_DATABASE_URL'] === undefined) {
  await (await startEmbeddedDatabase({ dataDir: clusterFolder })).stop()
}
await forgetCluster()
process.exit()
