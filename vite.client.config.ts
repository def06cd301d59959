import { basename } from 'node:path'
import ts from 'typescript'
import { defineConfig, type Plugin } from 'vite'

const ENTRY = 'src/client/client.ts'

/** The browser client: one file without dependencies, with its types. */
export default defineConfig({
  publicDir: false,
  plugins: [declarations()],
  build: {
    outDir: 'dist/client',
    target: 'es2022',
    lib: { entry: ENTRY, formats: ['es'], fileName: () => 'client.js' },
    rolldownOptions: { output: { minify: true, comments: false } }
  }
})

/** The client's types as `tsc` declares them, with those of the contract written out, so that whoever uses them needs no schemas. */
function declarations (): Plugin {
  return {
    name: 'declarations',
    generateBundle () {
      const { config } = ts.readConfigFile('tsconfig.browser.json', ts.sys.readFile) as { config: object }
      const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.')
      const program = ts.createProgram([ENTRY], { ...options, declaration: true, emitDeclarationOnly: true, noEmit: false, sourceMap: false, stripInternal: true })
      for (const name of ['api', 'auth-state', 'client', 'contract', 'errors']) {
        const source = program.getSourceFile(`src/client/${name}.ts`)
        if (source === undefined) throw new Error(`src/client/${name}.ts is missing`)
        const emit = (fileName: string, text: string) => { this.emitFile({ type: 'asset', fileName: basename(fileName), source: text }) }
        if (name === 'contract') emit('contract.d.ts', writtenOut(program.getTypeChecker(), source))
        else program.emit(source, emit, undefined, true)
      }
    }
  }
}

function writtenOut (checker: ts.TypeChecker, source: ts.SourceFile): string {
  const flags = ts.TypeFormatFlags.InTypeAlias | ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType
  return source.statements.filter(ts.isTypeAliasDeclaration).map(({ name }) =>
    `export type ${name.text} = ${checker.typeToString(checker.getTypeAtLocation(name), undefined, flags)}\n`).join('')
}
