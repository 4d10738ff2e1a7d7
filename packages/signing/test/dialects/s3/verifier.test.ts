import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { S3VerificationKey } from '../../../src/s3.ts'
import {
  createS3PostPolicy,
  createS3PostVerifier,
  createS3Signer,
  createS3Verifier,
  presignS3,
  signS3Headers,
} from '../../../src/s3.ts'
import { CREDENTIALS, HOST, NOW, presign, refusal, REGION, toRequest } from './support.ts'

const KEY_ID = CREDENTIALS.accessKeyId
const OTHER_SECRET = { ...CREDENTIALS, secretAccessKey: 'HallpassFakeSecretKeyForTestVectors00002' }
const SIGNER = { credentials: CREDENTIALS, region: REGION, endpoint: `https://${HOST}` }
const GET = {
  method: 'GET',
  bucket: 'reports',
  key: 'docs/a b.txt',
  expiresInSeconds: 300,
  now: NOW,
}

function createStore(): {
  keys: Map<string, S3VerificationKey>
  lookup: (id: string) => S3VerificationKey | null
} {
  const keys = new Map<string, S3VerificationKey>([[KEY_ID, CREDENTIALS]])
  return { keys, lookup: (id) => keys.get(id) ?? null }
}

test('a key that is revoked, replaced or restored counts as the look-up says, at once', () => {
  const { keys, lookup } = createStore()
  const verifier = createS3Verifier({ region: REGION, lookup })
  const request = toRequest(presign())
  assert.equal(verifier.verify(request, { now: NOW }).accessKeyId, KEY_ID)
  keys.delete(KEY_ID)
  refusal('key-unknown', () => verifier.verify(request, { now: NOW }))
  keys.set(KEY_ID, OTHER_SECRET)
  refusal('signature-mismatch', () => verifier.verify(request, { now: NOW }))
  const renewed = toRequest(presign({ credentials: OTHER_SECRET }))
  assert.equal(verifier.verify(renewed, { now: NOW }).key, OTHER_SECRET)
  keys.set(KEY_ID, CREDENTIALS)
  assert.equal(verifier.verify(request, { now: NOW }).key, CREDENTIALS)
  refusal('signature-mismatch', () => verifier.verify(renewed, { now: NOW }))
})

test('the same holds for Version 4A', () => {
  const { keys, lookup } = createStore()
  const verifier = createS3Verifier({ region: REGION, lookup, allowSigV4A: true })
  const request = toRequest(presign({ regionSet: '*' }))
  assert.equal(verifier.verify(request, { now: NOW }).accessKeyId, KEY_ID)
  keys.set(KEY_ID, OTHER_SECRET)
  refusal('signature-mismatch', () => verifier.verify(request, { now: NOW }))
  keys.delete(KEY_ID)
  refusal('key-unknown', () => verifier.verify(request, { now: NOW }))
})

test('the same holds for forms', () => {
  const { keys, lookup } = createStore()
  const verifier = createS3PostVerifier({ region: REGION, lookup })
  const { fields } = createS3PostPolicy({
    ...SIGNER,
    bucket: 'reports',
    key: 'a.txt',
    expiresInSeconds: 60,
    now: NOW,
  })
  const verify = (): string =>
    verifier.verify({ fields, file: {} }, { bucket: 'reports', now: NOW }).objectKey
  assert.equal(verify(), 'a.txt')
  keys.delete(KEY_ID)
  refusal('key-unknown', verify)
  keys.set(KEY_ID, OTHER_SECRET)
  refusal('signature-mismatch', verify)
})

test('a verifier tells days, regions of others and requests apart, one after the other', () => {
  const verifier = createS3Verifier({ region: REGION, lookup: createStore().lookup })
  const tomorrow = new Date(NOW.getTime() + 86_400_000)
  for (let round = 0; round < 3; round += 1) {
    for (const now of [NOW, tomorrow]) {
      const { url, method } = presign({ now })
      assert.equal(
        verifier.verify(toRequest({ url, method }), { now }).path,
        '/reports/docs/a b.txt',
      )
      const moved = { url: url.replace('docs/a', 'docs/b'), method }
      refusal('signature-mismatch', () => verifier.verify(toRequest(moved), { now }))
    }
    const elsewhere = toRequest(presign({ region: 'eu-west-1' }))
    refusal('scope-mismatch', () => verifier.verify(elsewhere, { now: NOW }))
  }
})

test('a signer gives what the free functions give, whatever it signed before', () => {
  const signer = createS3Signer(SIGNER)
  const requests = [
    GET,
    { ...GET, key: 'other' },
    { ...GET, bucket: 'others' },
    { ...GET, bucket: undefined },
    { ...GET, method: 'PUT', headers: { 'content-type': 'text/plain' } },
    { ...GET, expiresInSeconds: 301 },
    { ...GET, now: new Date(NOW.getTime() + 1000) },
    { ...GET, now: new Date(NOW.getTime() + 86_400_000) },
    { ...GET, query: { versionId: '7' } },
  ]
  for (const request of requests) {
    signer.sign(GET)
    assert.deepEqual(signer.sign(request), presignS3({ ...SIGNER, ...request }))
    assert.deepEqual(signer.sign(request), presignS3({ ...SIGNER, ...request }))
  }
  const { expiresInSeconds: _, ...header } = GET
  const { headers } = signer.signHeaders(header)
  assert.deepEqual(headers, signS3Headers({ ...SIGNER, ...header }).headers)
  const form = { bucket: 'reports', key: 'a', expiresInSeconds: 60, now: NOW }
  assert.deepEqual(signer.createPostPolicy(form), createS3PostPolicy({ ...SIGNER, ...form }))
})

test('a signer keeps to the key it was made with', () => {
  const credentials = { ...CREDENTIALS }
  const signer = createS3Signer({ ...SIGNER, credentials })
  const before = signer.sign(GET).url
  credentials.secretAccessKey = OTHER_SECRET.secretAccessKey
  assert.equal(
    signer.sign({ ...GET, now: new Date(NOW.getTime() + 1000) }).url.length,
    before.length,
  )
  assert.equal(signer.sign(GET).url, before)
})
