import { type FileHandle, open } from 'node:fs/promises'

/** The file cannot be read as what it should be. The message says what of it, as the rest of a sentence about it. */
export class ImportFileError extends Error {}

export interface ImportFile {
  chunks: AsyncIterable<Buffer>
  /** bytes; undefined where they are not known before, as of a pipe */
  size: number | undefined
}

/**
 * @param path `-` is the standard input
 * @throws ImportFileError when it cannot be opened
 */
export async function openImportFile (path: string): Promise<ImportFile> {
  if (path === '-') return { chunks: process.stdin, size: undefined }
  return await reading(async () => {
    const file = await open(path)
    const { size } = await file.stat()
    return { chunks: chunksOf(file), size: size === 0 ? undefined : size }
  })
}

async function * chunksOf (file: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(65_536)
  try {
    for (;;) {
      const { bytesRead } = await reading(async () => await file.read(buffer))
      if (bytesRead === 0) return
      yield Buffer.from(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

async function reading<Result> (work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw new ImportFileError(`cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'}`)
  }
}
