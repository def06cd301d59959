import t from 'tap'
import { readConfig } from '../../src/config.js'
import { contracts } from '../../src/contracts.js'

const read = (url: string) => readConfig({ REDIS_URL: url }, contracts).redisUrl

t.test('a Redis is named by its URL, with or without a password, a port and a database', async t => {
  for (const url of ['redis://redis', 'redis://127.0.0.1:6380', 'redis://[::1]:6379/15', 'redis://:rahasia@redis', 'rediss://kunci:p%40ss@redis.example:6380/0']) t.equal(read(url), url)
  t.equal(read('redis://redis:6379/'), 'redis://redis:6379')
})

t.test('another value is refused, without its password', async t => {
  const takes = 'a redis:// or rediss:// URL with a host, perhaps the number of a database as its path, special characters in its credentials percent-encoded'
  const refused = {
    'http://:geheim@redis': 'http://…@redis',
    'redis.example:6379': 'redis.example:6379',
    'redis://': 'redis://',
    'redis://:se%cret@redis': 'redis://…@redis',
    'redis://:geheim@redis/kunci': 'redis://…@redis/kunci',
    'redis://redis?db=1': 'redis://redis?db=1'
  }
  for (const [url, shown] of Object.entries(refused)) t.throws(() => read(url), { name: 'ConfigError', message: `REDIS_URL was "${shown}", but takes ${takes}` })
})
