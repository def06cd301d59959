import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The pages as Vite built them, held in memory. */
export interface BuiltPages {
  /** one document for all pages, which finds out by its address which one it is */
  html: string
  /** what the document loads, by file name */
  assets: ReadonlyMap<string, Asset>
}

export interface Asset {
  type: string
  /** strong, without its quotes and without what tells of an encoding */
  etag: string
  /** undefined where the build found it no smaller */
  bodies: Record<'identity', Buffer> & Record<Encoding, Buffer | undefined>
}

export type Encoding = 'br' | 'gzip'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml'
}

/** Where the build puts them, found through the package's own imports, from the sources and from the build alike. */
const builtFolder = dirname(fileURLToPath(import.meta.resolve('#pages/index.html')))

/** @returns undefined where they have not been built */
export async function readBuiltPages (folder = builtFolder): Promise<BuiltPages | undefined> {
  const html = await readFile(join(folder, 'index.html'), 'utf8').catch(whereMissing)
  if (html === undefined) return undefined
  const names = await readdir(join(folder, 'assets'))
  const assets = new Map<string, Asset>()
  for (const name of names) {
    const type = types[extname(name)]
    if (type === undefined) continue
    const read = async (ending: string) => names.includes(name + ending) ? await readFile(join(folder, 'assets', name + ending)) : undefined
    const identity = await readFile(join(folder, 'assets', name))
    const etag = createHash('sha256').update(identity).digest('base64url').slice(0, 22)
    assets.set(name, { type, etag, bodies: { identity, br: await read('.br'), gzip: await read('.gz') } })
  }
  return { html, assets }
}

function whereMissing (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
