import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSigningError } from '../../../src/errors.ts'
import {
  createS3AsyncPostVerifier,
  createS3AsyncVerifier,
  createS3PostPolicy,
  verifyS3Async,
  verifyS3PostPolicyAsync,
} from '../../../src/s3.ts'
import type { S3VerificationKey } from '../../../src/s3.ts'
import { CREDENTIALS, HOST, NOW, presign, REGION, toRequest, verify } from './support.ts'

const KEY_ID = CREDENTIALS.accessKeyId
const TEMPORARY = { ...CREDENTIALS, sessionToken: 'token-of-the-session' }
const RULES = { region: REGION, now: NOW }
const isRefused =
  (code: string) =>
  (error: unknown): boolean =>
    isSigningError(error) && error.code === code

/** A look-up that takes its time, and writes down what it is asked. */
function createStore(key: S3VerificationKey | null = CREDENTIALS): {
  asked: [string, string | null][]
  lookup: (id: string, token: string | null) => Promise<S3VerificationKey | null>
} {
  const asked: [string, string | null][] = []
  return {
    asked,
    lookup: async (id, token) => {
      asked.push([id, token])
      await new Promise((resolve) => setImmediate(resolve))
      return key
    },
  }
}

test('a look-up that waits gives what one at hand gives', async () => {
  const { asked, lookup } = createStore()
  const request = toRequest(presign())
  const { amz, query, ...rest } = await verifyS3Async(request, { ...RULES, lookup })
  const { amz: _, query: expectedQuery, ...expected } = verify(request)
  assert.deepEqual(rest, expected)
  assert.equal(query.get('X-Amz-Expires'), expectedQuery.get('X-Amz-Expires'))
  assert.equal(amz('x-amz-date'), null)
  assert.deepEqual(asked, [[KEY_ID, null]])
})

test('the look-up is told the session token', async () => {
  const { asked, lookup } = createStore(TEMPORARY)
  const request = toRequest(presign({ credentials: TEMPORARY }))
  assert.equal((await verifyS3Async(request, { ...RULES, lookup })).key, TEMPORARY)
  assert.deepEqual(asked, [[KEY_ID, 'token-of-the-session']])
})

test('a request that no key can save is refused without a look-up', async () => {
  const { asked, lookup } = createStore()
  const verifier = createS3AsyncVerifier({ ...RULES, lookup })
  const expired = toRequest(presign({ now: new Date(NOW.getTime() - 86_400_000) }))
  await assert.rejects(verifier.verify(expired), isRefused('signature-expired'))
  const elsewhere = toRequest(presign({ region: 'eu-west-1' }))
  await assert.rejects(verifier.verify(elsewhere), isRefused('scope-mismatch'))
  assert.deepEqual(asked, [])
})

test('a key that is not found, and a look-up that fails, are told apart', async () => {
  const request = toRequest(presign())
  const { lookup } = createStore(null)
  await assert.rejects(verifyS3Async(request, { ...RULES, lookup }), isRefused('key-unknown'))
  const failing = async (): Promise<null> => {
    await Promise.resolve()
    throw new Error('the database is away')
  }
  await assert.rejects(
    verifyS3Async(request, { ...RULES, lookup: failing }),
    /^Error: the database is away$/,
  )
})

test('requests that wait at the same time each meet their own key', async () => {
  const keys = Array.from({ length: 20 }, (_, index) => ({
    accessKeyId: `AKIAHALLPASSFAKE${index}`,
    secretAccessKey: `hallpass-fake-secret-${index % 7}`,
  }))
  const verifier = createS3AsyncVerifier({
    ...RULES,
    lookup: async (id) => {
      const index = keys.findIndex((key) => key.accessKeyId === id)
      for (let turn = index % 3; turn >= 0; turn -= 1) {
        // oxlint-disable-next-line no-await-in-loop -- one turn after the other is what makes them overtake each other
        await new Promise((resolve) => setImmediate(resolve))
      }
      return index % 5 === 0 ? null : (keys[index] ?? null)
    },
  })
  const answers = await Promise.all(
    keys.map(async (credentials) =>
      verifier.verify(toRequest(presign({ credentials }))).then(
        ({ accessKeyId }) => accessKeyId,
        (error: unknown) => (isSigningError(error) ? error.code : 'failed'),
      ),
    ),
  )
  const expected = keys.map(({ accessKeyId }, index) =>
    index % 5 === 0 ? 'key-unknown' : accessKeyId,
  )
  assert.deepEqual(answers, expected)
})

test('forms are verified by look-ups that wait', async () => {
  const { asked, lookup } = createStore()
  const { fields } = createS3PostPolicy({
    credentials: CREDENTIALS,
    region: REGION,
    endpoint: `https://${HOST}`,
    bucket: 'reports',
    key: 'a.txt',
    expiresInSeconds: 60,
    now: NOW,
  })
  const form = { fields, file: {} }
  const verified = await verifyS3PostPolicyAsync(form, { ...RULES, lookup, bucket: 'reports' })
  assert.equal(verified.objectKey, 'a.txt')
  const verifier = createS3AsyncPostVerifier({ ...RULES, lookup })
  await assert.rejects(
    verifier.verify({ ...form, fields: { ...fields, key: 'b.txt' } }, { bucket: 'reports' }),
    isRefused('policy-condition-failed'),
  )
  assert.deepEqual(asked, [
    [KEY_ID, null],
    [KEY_ID, null],
  ])
})

test('what changes in a request while its key is waited for is not looked at', async () => {
  const signed = toRequest(presign())
  const headers = [...signed.headers]
  const request = { ...signed, headers }
  const lookup = async (): Promise<S3VerificationKey> => {
    await Promise.resolve()
    Object.assign(request, { target: '/other/object', method: 'DELETE' })
    headers.splice(0, headers.length, 'Host', 'other.test')
    return CREDENTIALS
  }
  const { path } = await createS3AsyncVerifier({ ...RULES, lookup }).verify(request)
  assert.equal(path, verify(signed).path)
})
