import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Makes an empty folder that goes with the test. */
export async function createFolder (t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kunci-'))
  // Passable, so that the account of an embedded database gets to what lies in it when root runs the tests.
  await chmod(folder, 0o711)
  t.teardown(async () => { await rm(folder, { recursive: true, force: true }) })
  return folder
}
