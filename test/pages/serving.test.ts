import t from 'tap'
import { linkPage, type LinkKind } from '../../src/domain/mail-links.js'
import { pagePaths } from '../../src/page-paths.js'
import { build } from '../helper.js'

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const unknown = { status: 404, message: 'Not found' }

t.test('each page is the same document, which is never stored and runs nothing that is written in it', async t => {
  const { app } = await build(t, { PAGES: 'on' })
  const { payload: document } = await app.inject('/')
  for (const path of Object.values(pagePaths)) {
    const response = await app.inject(path.replace(':id', '0199'))
    t.equal(response.statusCode, 200, path)
    t.equal(response.payload, document, path)
    t.match(response.headers, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY'
    }, path)
  }
  t.notMatch(document, /<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/)
  t.match(document, '<meta name="kunci" content="{&quot;base&quot;:&quot;&quot;,&quot;contracts&quot;:{&quot;outlet&quot;:&quot;/auth&quot;}}">')
})

t.test('there is a page for every mail with a link', async t => {
  const kinds: readonly LinkKind[] = ['choose_password', 'invitation', 'verify_email', 'confirm_new_email', 'reset_password', 'recover_account', 'restore_email']
  const paths: readonly string[] = Object.values(pagePaths)
  for (const kind of kinds) t.ok(paths.includes(`/${linkPage(kind)}`), kind)
})

t.test('HEAD answers like GET, without the document; other methods find nothing', async t => {
  const { app } = await build(t, { PAGES: 'on' })
  const got = await app.inject('/sign-in')
  const head = await app.inject({ method: 'HEAD', url: '/sign-in' })
  t.equal(head.statusCode, 200)
  t.equal(head.payload, '')
  t.equal(head.headers['content-length'], got.headers['content-length'])
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    const response = await app.inject({ method, url: '/sign-in', headers: html })
    t.same([response.statusCode, response.json()], [404, unknown], method)
  }
})

t.test('an unknown path is a page to a browser and a problem to everybody else', async t => {
  const { app } = await build(t, { PAGES: 'on' })
  for (const url of ['/nowhere', '/sign-in/further', '/account/nothing', '/manage/nothing', '/SIGN-IN', '/health/nothing', '/index.html']) {
    const page = await app.inject({ url, headers: html })
    t.same([page.statusCode, page.headers['content-type'], page.payload === (await app.inject('/')).payload], [404, 'text/html; charset=utf-8', true], url)
    for (const accept of ['*/*', 'application/json']) {
      const problem = await app.inject({ url, headers: { accept } })
      t.same([problem.statusCode, problem.json()], [404, unknown], url)
    }
  }
  const inContract = await app.inject({ url: '/auth/nowhere', headers: html })
  t.same([inContract.statusCode, inContract.json()], [404, unknown], 'what is beneath a contract is the contract\'s')
})

t.test('no pages where they are off, or where the outlet contract is not served', async t => {
  for (const env of [{ PAGES: 'off' }, { PAGES: 'on', CONTRACTS: 'donation' }]) {
    const { app } = await build(t, env)
    for (const url of ['/', '/sign-in', '/verify-email', '/assets/index.js', '/nowhere']) {
      const response = await app.inject({ url, headers: html })
      t.same([response.statusCode, response.json()], [404, unknown], url)
    }
  }
})

t.test('behind a gateway that takes a path away the document asks for what has that path', async t => {
  const { app } = await build(t, { PAGES: 'on', PUBLIC_URL: 'https://example.test/sso/', CONTRACTS: 'outlet,donation=/give' })
  const { payload } = await app.inject('/sign-in')
  t.match(payload, 'content="{&quot;base&quot;:&quot;/sso&quot;,&quot;contracts&quot;:{&quot;outlet&quot;:&quot;/sso/auth&quot;,&quot;donation&quot;:&quot;/sso/give&quot;}}"')
  t.match(payload, / src="\/sso\/assets\/[\w.-]+\.js"/)
  t.notMatch(payload, '"./')
})

t.test('a mail\'s token in an address reaches no log', async t => {
  const { app, log } = await build(t, { PAGES: 'on' })
  for (const path of ['/verify-email', '/reset-password', '/nowhere', '/%zz', '/assets/none']) await app.inject({ url: `${path}?token=AVJ4bXkAAZ6h2X8w`, headers: html })
  t.ok(log.length >= 4)
  t.notMatch(log.join(''), 'AVJ4bXkAAZ6h2X8w')
})
