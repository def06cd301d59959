import t from 'tap'
import { renderDocument } from '../../routes/pages/document.js'

t.test('what a document has to know cannot end the place where it stands', async t => {
  const html = '<meta name="kunci" content=""><script src="./assets/a.js"></script>'
  const base = '/"><script>$&\'<&'
  const document = renderDocument(html, { base, contracts: [{ name: 'outlet', prefix: '/auth' }] })
  const escaped = '/&quot;&gt;&lt;script&gt;$&amp;\'&lt;&amp;'
  t.equal(document, `<meta name="kunci" content="{&quot;base&quot;:&quot;/\\&quot;&gt;&lt;script&gt;$&amp;'&lt;&amp;&quot;,&quot;contracts&quot;:{&quot;outlet&quot;:&quot;/\\&quot;&gt;&lt;script&gt;$&amp;'&lt;&amp;/auth&quot;}}"><script src="${escaped}/assets/a.js"></script>`)
})
