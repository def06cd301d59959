import type { ChildProcessByStdio } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** @returns where a server listens that was started with `PORT=0`, once its log says so */
export async function listeningUrl (server: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  return await new Promise((resolve, reject) => {
    server.once('exit', code => { reject(new Error(`the server exited with ${code}`)) })
    createInterface({ input: server.stdout }).on('line', line => {
      const found = /Server listening at (http:\/\/[\d.:]+)/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
}
