import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { createFolder } from '../../folder.js'

const run = promisify(execFile)

t.test('the client is one file of less than 3 kB that imports nothing', async t => {
  const client = await readFile('dist/client/client.js')
  const size = gzipSync(client, { level: 9 }).length
  t.ok(size < 3000, `${size} bytes`)
  t.notMatch(client.toString(), /\bimport\b|\brequire\b/)
})

for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['preserve', 'bundler']] as const) {
  t.test(`a project with ${moduleResolution} resolution has its types, and needs no others`, async t => {
    const compile = await createConsumer(t, { module, moduleResolution })
    t.equal(await compile(`
      import { createClient, KunciError, NetworkError, type AuthState, type Client, type Profile } from 'kunci/client'
      const client: Client = createClient({ baseUrl: '/auth' })
      const end: () => void = client.onChange((state: AuthState) => { if (state.status === 'signed-in') console.log(state.accountId.length) })
      const profile: Profile = await client.profile()
      const outlet: string | undefined = profile.outlet?.name
      try {
        await client.login({ email: 'siti@example.com', password: 'Password123!' })
      } catch (error) {
        if (error instanceof KunciError) console.log(error.status, error.about('email'), error.retryAfter)
        else if (error instanceof NetworkError) console.log(error.message)
      }
      console.log(end, outlet)
      export {}
    `), '')
    t.match(await compile(`
      import { createClient } from 'kunci/client'
      await createClient({ baseUrl: '/auth' }).login({ email: 'siti@example.com' })
    `), /Property 'password' is missing/)
    t.match(await compile(`
      import { createClient } from 'kunci/client'
      console.log((await createClient({ baseUrl: '/auth' }).profile()).isAdmin)
    `), /Property 'isAdmin' does not exist/)
  })
}

/** A project beside which there is nothing but the package, as it is packed. @returns compiles a module; what the compiler says */
async function createConsumer (t: Test, options: { module: string, moduleResolution: string }): Promise<(text: string) => Promise<string>> {
  const folder = await createFolder(t)
  const installed = join(folder, 'node_modules/kunci')
  await mkdir(installed, { recursive: true })
  // Its scripts would build anew what this test is to see.
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder])
  await run('tar', ['-xzf', join(folder, stdout.trim()), '-C', installed, '--strip-components=1'])
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  const compilerOptions = { ...options, target: 'es2022', lib: ['es2022', 'dom'], types: [], strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['page.ts'] }))
  return async text => {
    await writeFile(join(folder, 'page.ts'), text)
    return await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder]).then(({ stdout }) => stdout, (error: { stdout: string }) => error.stdout)
  }
}
