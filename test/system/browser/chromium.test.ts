import t from 'tap'
import { startChromium } from './chromium.js'

t.test('a message that was announced is no fault', async t => {
  const chromium = await startChromium(t)
  chromium.announce(/^said$/)
  const page = await chromium.open('data:text/html,<script>console.error("said")</script>')
  t.equal(await page.evaluate(() => document.contentType), 'text/html')
})
