import neostandard, { plugins, resolveIgnoresFromGitignore } from 'neostandard'

/**
 * Imports run one way: routes -> src/domain -> db; plugins own resources and may use the domain and db.
 * @param {({ group: string[] } | { regex: string }) & { message: string })[]} patterns
 */
const forbid = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] })

const edges = {
  http: { group: ['fastify', 'fastify-plugin', '@fastify/*'], message: 'The domain and the database know no HTTP.' },
  routes: { group: ['**/routes/**'], message: 'Only src/app.ts mounts routes.' },
  plugins: { group: ['**/plugins/**'], message: 'The domain and the database take what they need as arguments.' },
  domain: { group: ['**/domain/**'], message: 'The database knows no domain.' },
  mail: { group: ['nodemailer', 'nodemailer/*'], message: 'Sending is the mailer plugin\'s.' }
}

export default [
  ...neostandard({ ts: true, ignores: [...resolveIgnoresFromGitignore(), 'drizzle/**'] }),
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@typescript-eslint': plugins['typescript-eslint'].plugin },
    rules: {
      // A subtest is waited for by its parent test.
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafePromises: [{ from: 'package', name: 'PromiseWithSubtest', package: '@tapjs/core' }] }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // `void` marks a reply that is not waited for.
      'no-void': ['error', { allowAsStatement: true }]
    }
  },
  {
    // What runs in a browser, and its tests, know the browser's types.
    files: ['src/client/**/*.ts', 'test/client/**/*.ts', 'test/system/browser/**/*.ts'],
    languageOptions: { parserOptions: { projectService: false, project: './tsconfig.browser.json' } }
  },
  {
    files: ['web/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: false, project: './web/tsconfig.json' } },
    rules: { 'no-console': 'error' }
  },
  {
    files: ['src/**/*.ts', 'plugins/**/*.ts', 'routes/**/*.ts', 'db/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' }]
    }
  },
  { files: ['src/config.ts', 'src/server.ts', 'src/cli.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['db/**/*.ts'], rules: forbid(edges.http, edges.routes, edges.plugins, edges.domain, edges.mail) },
  { files: ['src/domain/**/*.ts'], rules: forbid(edges.http, edges.routes, edges.plugins, edges.mail) },
  { files: ['plugins/**/*.ts'], rules: forbid(edges.routes) },
  { files: ['src/client/**/*.ts'], rules: forbid({ regex: String.raw`^(?!\./)`, message: 'The browser client depends on nothing.' }) },
  {
    // Its types are the contract's own.
    files: ['src/client/contract.ts'],
    rules: {
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex: String.raw`^(?!\./)`, message: 'Only types come from the schemas.', allowTypeImports: true }] }]
    }
  },
  {
    files: ['routes/*/**/*.ts'],
    // What contracts share stands beside their folders, as `../english.js`.
    rules: forbid({ regex: String.raw`^\.\./[^./][^/]*/`, message: 'No contract imports another.' }, edges.mail)
  }
]
