import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

const OUT = 'dist/web'

/** The pages that Kunci serves itself. */
export default defineConfig({
  root: 'web',
  // So that they work below whatever path.
  base: './',
  publicDir: false,
  plugins: [compressed()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: `../${OUT}`,
    emptyOutDir: true,
    target: 'es2022',
    // The policy takes no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false }
  }
})

/** Writes each asset's compressed forms beside it, so that no server has to compress, and none as hard. */
function compressed (): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async closeBundle () {
      const folder = join(OUT, 'assets')
      for (const name of await readdir(folder)) {
        const content = await readFile(join(folder, name))
        const forms = {
          br: brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
          gz: gzipSync(content, { level: constants.Z_BEST_COMPRESSION })
        }
        for (const [ending, form] of Object.entries(forms)) {
          if (form.length < content.length) await writeFile(join(folder, `${name}.${ending}`), form)
        }
      }
    }
  }
}
