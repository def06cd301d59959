import { execFile } from 'node:child_process'
import t from 'tap'
import { build } from '../../helper.js'
import { startRedis } from './running-redis.js'

/** @returns the exit code and what the doctor says of Redis */
async function examined (env: Record<string, string>): Promise<{ code: number, redis: string | undefined, output: string }> {
  return await new Promise(resolve => {
    execFile(process.execPath, ['build/src/cli.js', 'doctor'], { env: { PATH: process.env['PATH'], ...env } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), redis: out.split('\n').find(line => line.includes('Redis: ')), output: out + err })
    })
  })
}

t.test('the doctor asks the Redis that is configured', async t => {
  const { databaseUrl, dataDir } = await build(t)
  const redis = await startRedis(t)
  const env = { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, AUTH_SECRET: 'a secret for tests alone and of more than 32 bytes' }
  t.match(await examined(env), { code: 0, redis: "good  Redis: no REDIS_URL: limits per address are each instance's own" })
  const { host } = new URL(redis.url)
  const found = await examined({ ...env, REDIS_URL: redis.url })
  t.match(found, { code: 0, redis: new RegExp(`^good {2}Redis: Redis \\d+\\.\\d+\\.\\d+ at ${host}$`) })
  const stranger = await examined({ ...env, REDIS_URL: `redis://:falsch@${host}` })
  t.match(stranger, { code: 1, redis: 'BAD   Redis: WRONGPASS' })
  redis.hang()
  t.match(await examined({ ...env, REDIS_URL: redis.url }), { code: 1, redis: 'BAD   Redis: TIMEOUT' })
  redis.wake()
  await redis.kill()
  const gone = await examined({ ...env, REDIS_URL: redis.url })
  t.match(gone, { code: 1, redis: 'BAD   Redis: ECONNREFUSED' })
  for (const { output } of [found, stranger, gone]) t.notMatch(output, /geheim|falsch/)
})
