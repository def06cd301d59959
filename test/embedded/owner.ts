import { startEmbeddedDatabase } from '../../db/embedded/start.js'

const [dataDir = '', settings = '{}'] = process.argv.slice(2)
const database = await startEmbeddedDatabase({ dataDir, settings: JSON.parse(settings) as Record<string, string> })
process.once('message', () => {
  database.stop().finally(() => { process.disconnect() }).catch(() => { process.exitCode = 1 })
})
process.send?.(database.url)
