import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSigningError } from '../../../src/errors.ts'
import {
  createS3AsyncSigner,
  createS3PostPolicyAsync,
  createS3Signer,
  presignS3,
  presignS3Async,
  signS3HeadersAsync,
} from '../../../src/s3.ts'
import type { S3Credentials } from '../../../src/s3.ts'
import { CREDENTIALS, HOST, NOW, REGION, toRequest, verify } from './support.ts'

const SERVICE = { region: REGION, endpoint: `https://${HOST}`, now: NOW }
const GET = { method: 'GET', bucket: 'reports', key: 'a', expiresInSeconds: 300 }
const RENEWED = { ...CREDENTIALS, secretAccessKey: 'HallpassFakeSecretKeyForTestVectors00002' }
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000)

test('a provider is asked at each signature, and what it renews counts at once', () => {
  let credentials: S3Credentials = CREDENTIALS
  const signer = createS3Signer({ ...SERVICE, credentials: () => credentials })
  const before = signer.sign(GET)
  assert.deepEqual(before, presignS3({ ...SERVICE, ...GET, credentials: CREDENTIALS }))
  credentials = { ...CREDENTIALS }
  assert.deepEqual(signer.sign(GET), before)
  credentials = RENEWED
  const after = signer.sign(GET)
  assert.notEqual(after.url, before.url)
  assert.ok(verify(toRequest(after), { lookup: () => RENEWED }))
})

test('a provider that waits serves the asynchronous twins', async () => {
  const credentials = async (): Promise<S3Credentials> => Promise.resolve(CREDENTIALS)
  const signer = createS3AsyncSigner({ ...SERVICE, credentials })
  const expected = presignS3({ ...SERVICE, ...GET, credentials: CREDENTIALS })
  assert.deepEqual(await signer.sign(GET), expected)
  assert.deepEqual(await signer.signAll([GET, GET]), [expected, expected])
  assert.deepEqual(await presignS3Async({ ...SERVICE, ...GET, credentials }), expected)
  const { expiresInSeconds: _, ...header } = GET
  const { headers } = await signS3HeadersAsync({ ...SERVICE, ...header, credentials })
  assert.ok(headers.authorization)
  const form = { ...SERVICE, bucket: 'reports', key: 'a', expiresInSeconds: 60, credentials }
  assert.equal((await createS3PostPolicyAsync(form)).fields.key, 'a')
  const impatient = credentials as unknown as () => S3Credentials
  assert.throws(() => presignS3({ ...SERVICE, ...GET, credentials: impatient }), {
    name: 'TypeError',
    message: /Async/,
  })
})

test('a URL ends with the credentials that made it, and ended ones make none', () => {
  const ending = { ...CREDENTIALS, sessionToken: 'token', expiration: later(60) }
  const options = { ...SERVICE, ...GET, credentials: ending }
  assert.deepEqual(presignS3(options).expiresAt, later(60))
  assert.deepEqual(presignS3({ ...options, expiresInSeconds: 30 }).expiresAt, later(30))
  assert.throws(
    () => presignS3({ ...options, now: later(60) }),
    (error) => isSigningError(error) && error.code === 'key-invalid',
  )
  const text = '2026-03-15' as unknown as Date
  assert.throws(() => presignS3({ ...options, credentials: { ...ending, expiration: text } }), {
    name: 'TypeError',
    message: /credentials\.expiration/,
  })
})

test('fixed credentials that cannot be used are refused before the first signature', () => {
  const wrong = { accessKeyId: 'AKIA', secretAccessKey: '' }
  assert.throws(() => createS3Signer({ ...SERVICE, credentials: wrong }), /secretAccessKey/)
  assert.throws(() => createS3AsyncSigner({ ...SERVICE, credentials: wrong }), /secretAccessKey/)
})
