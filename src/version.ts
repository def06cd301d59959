import { createRequire } from 'node:module'

/** The package's version, found through its own imports, from the sources and from the build alike. */
export const { version } = createRequire(import.meta.url)('#package') as { version: string }
