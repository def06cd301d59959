import { randomBytes } from 'node:crypto'
import t from 'tap'
import { digestOf, openAttestation, parseRequest, signAttestation } from '../../src/domain/attested-heartbeat.js'

const key = () => randomBytes(32).toString('base64url')
const attestation = { sentAt: 1234.5, listening: 5000, entries: [{ digest: digestOf('{}'), age: 17.25 }] }

t.test('an attestation is read by who asked for it, and by nobody else', async t => {
  const own = key()
  t.same(openAttestation(own, signAttestation(own, attestation)), attestation)
  t.equal(openAttestation(key(), signAttestation(own, attestation)), undefined)
})

t.test('one that was changed, or is none, is refused', async t => {
  const own = key()
  const signed = signAttestation(own, attestation)
  const [signature = '', text = ''] = signed.split(' ')
  const others = ['', ' ', text, signature, `${signature} `, `${signature} ${text} `, `${signature} ${text.replace('5000', '6000')}`, `${signature.slice(0, -1)} ${text}`, `${signature}A ${text}`, `${'A'.repeat(43)} ${text}`]
  for (const other of others) t.equal(openAttestation(own, other), undefined, other)
})

t.test('what was signed but is no attestation is refused too', async t => {
  const own = key()
  for (const other of [null, [], {}, { ...attestation, sentAt: '1234' }, { ...attestation, entries: [1] }]) {
    t.equal(openAttestation(own, signAttestation(own, other as typeof attestation)), undefined)
  }
})

t.test('a request names who asks, its key and its moment', async t => {
  const request = { instance: 'b0e4bb63-9b3e-4c0c-8f5a-0b1a3f6f3f3c', key: key(), sentAt: 1234.5 }
  t.same(parseRequest(JSON.stringify(request)), request)
  for (const other of [{}, { ...request, instance: 'kunci:*' }, { ...request, key: 'short' }, { ...request, sentAt: null }]) t.equal(parseRequest(JSON.stringify(other)), undefined)
  t.equal(parseRequest('x'), undefined)
})
