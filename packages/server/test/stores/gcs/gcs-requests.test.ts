import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { systemClock } from '../../../src/platform/clock.ts'
import { createSecret } from '../../../src/platform/secret.ts'
import { givenGcsCredentials } from '../../../src/stores/gcs/gcs-credentials.ts'
import {
  nameGcsLocation,
  parseGcsLocation,
  placeOfGcs,
} from '../../../src/stores/gcs/gcs-location.ts'
import { SERVICE_ACCOUNT } from './gcs-fixture.ts'

test('a bucket alone is Google’s own, and everything that can be said is read', () => {
  const usual = parseGcsLocation('gs://my_bucket.1')
  assert.deepEqual(usual, {
    bucket: 'my_bucket.1',
    prefix: '',
    endpoint: 'https://storage.googleapis.com',
    isGoogles: true,
  })
  const other = parseGcsLocation('gs://my-bucket/a//b/?endpoint=http://127.0.0.1:4443/')
  assert.equal(other.isGoogles, false)
  assert.equal(nameGcsLocation(other), 'gs://my-bucket/a/b')
  assert.equal(placeOfGcs(other), 'gs://127.0.0.1:4443/my-bucket/a/b/')
  const regional = 'gs://my_bucket.1?endpoint=https://storage.me-central2.rep.googleapis.com'
  assert.equal(placeOfGcs(parseGcsLocation(regional)), placeOfGcs(usual))
})

test('what only looks like Google’s own is shown no token', () => {
  for (const endpoint of [
    'http://storage.googleapis.com',
    'https://storage.googleapis.com.example.com',
    'https://storage.googleapis.com:8443',
    'https://example.com',
  ]) {
    assert.equal(parseGcsLocation(`gs://bucket?endpoint=${endpoint}`).isGoogles, false, endpoint)
  }
})

test('what cannot be is refused, and no value of it is repeated', () => {
  for (const text of [
    'bucket',
    's3://bucket',
    'gs://',
    'gs://B-hunter2!',
    'gs://key:hunter2@bucket',
    'gs://bucket:80',
    'gs://bucket/../hunter2',
    'gs://bucket#hunter2',
    'gs://bucket?key=hunter2',
    'gs://bucket?endpoint=hunter2',
    'gs://bucket?endpoint=https://host/hunter2',
  ]) {
    assert.throws(
      () => parseGcsLocation(text),
      (error) => error instanceof Error && !error.message.includes('hunter2'),
      text,
    )
  }
})

test('a service account signs its own token, for storage alone and for an hour', async () => {
  const { accessKeyId: id, secretAccessKey } = SERVICE_ACCOUNT
  const given = givenGcsCredentials({ id, secret: createSecret(secretAccessKey) }, systemClock)
  const [head = '', claims = '', signature = ''] = (await given.token()).split('.')
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  assert.equal(said['iss'], id)
  assert.equal(said['aud'], 'https://storage.googleapis.com/')
  assert.equal(Number(said['exp']) - Number(said['iat']), 3600)
  const text = Buffer.from(`${head}.${claims}`)
  const key = createPublicKey(secretAccessKey)
  assert.ok(verify('sha256', text, key, Buffer.from(signature, 'base64url')))
})

test('credentials that are none are refused, and not repeated', () => {
  const { accessKeyId, secretAccessKey } = SERVICE_ACCOUNT
  for (const [id, secret] of [
    ['hunter2', secretAccessKey],
    [accessKeyId, 'hunter2'],
    [accessKeyId, '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----'],
  ] as const) {
    assert.throws(
      () => givenGcsCredentials({ id, secret: createSecret(secret) }, systemClock),
      (error) => error instanceof Error && !error.message.includes('hunter2'),
    )
  }
})
