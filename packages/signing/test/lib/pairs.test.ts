import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presignCos } from '../../src/cos.ts'
import { presignGcs } from '../../src/gcs.ts'
import { presignOss } from '../../src/oss.ts'
import { presignS3, signS3Headers } from '../../src/s3.ts'
import type { Pairs } from '../../src/types.ts'
import { RSA_KEY } from '../dialects/gcs/test-keys.ts'
import { CREDENTIALS, NOW, REGION } from '../dialects/s3/support.ts'

const life = { expiresInSeconds: 60, now: NOW, method: 'PUT' as const, bucket: 'reports', key: 'a' }
const S3 = { ...life, credentials: CREDENTIALS, region: REGION }
const { expiresInSeconds: _life, ...S3_HEADERS } = S3
const GCS = { ...life, key: RSA_KEY, object: 'a' }
const OSS = {
  ...life,
  credentials: { accessKeyId: 'LTAIFAKE', accessKeySecret: 'hallpass-fake-key' },
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
}
const { bucket: _bucket, ...cosLife } = life
const COS = {
  ...cosLife,
  credentials: { secretId: 'AKIDFAKE', secretKey: 'hallpass-fake-key' },
  endpoint: 'https://reports-1250000000.cos.ap-beijing.myqcloud.com/',
}

/** The same names and values in every shape. */
function shapesOf(record: Record<string, string>): Pairs[] {
  const pairs = Object.entries(record)
  return [record, pairs, new Headers(record), new Map(pairs), new URLSearchParams(record)]
}

const SIGNERS: readonly (readonly [string, (headers: Pairs, query: Pairs) => string])[] = [
  ['presignS3', (headers, query) => presignS3({ ...S3, headers, query }).url],
  [
    'signS3Headers',
    (headers, query) =>
      signS3Headers({ ...S3_HEADERS, headers, query }).headers['authorization'] ?? 'not signed',
  ],
  ['presignGcs', (headers, query) => presignGcs({ ...GCS, headers, query }).url],
  ['presignOss', (headers, query) => presignOss({ ...OSS, headers, query }).url],
  ['presignCos', (headers, query) => presignCos({ ...COS, headers, query }).url],
]

for (const [name, sign] of SIGNERS) {
  test(`${name} takes headers and query in every usual shape, and signs the same`, () => {
    const headers = { 'x-oss-meta-a': '1', 'x-oss-meta-b': '2' }
    const query = { 'response-content-type': 'text/plain' }
    const signed = shapesOf(headers).flatMap((given) =>
      shapesOf(query).map((asked) => sign(given, asked)),
    )
    assert.equal(new Set(signed).size, 1)
    assert.notEqual(sign({}, query), signed[0])
    assert.notEqual(sign(headers, {}), signed[0])
  })

  test(`${name} says what headers and query may be`, () => {
    const wrong = ['x-oss-meta-a: 1', ['x-oss-meta-a', '1'], [['a']], [['a', 'b', 'c']], { a: 1 }]
    for (const given of wrong as unknown as Pairs[]) {
      for (const [parameter, call] of [
        ['headers', () => sign(given, {})],
        ['query', () => sign({}, given)],
      ] as const) {
        assert.throws(call, { name: 'TypeError', message: new RegExp(`^${parameter} must be`) })
      }
    }
  })
}
