import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCloudFrontPrefix, presignCloudFront } from '../../src/cloudfront.ts'
import { isSigningError } from '../../src/errors.ts'
import { createGcsPostPolicy } from '../../src/gcs.ts'
import { createS3PostPolicy } from '../../src/s3.ts'
import { pemOf } from '../dialects/cloud-support.ts'
import { RSA_KEY } from '../dialects/gcs/test-keys.ts'
import { CREDENTIALS, NOW, REGION } from '../dialects/s3/support.ts'

const life = { expiresInSeconds: 60, now: NOW }
const S3 = { ...life, credentials: CREDENTIALS, region: REGION, bucket: 'reports', key: 'a' }
const GCS = { ...life, key: RSA_KEY, bucket: 'reports', object: 'a' }
const rsa = pemOf('hallpass-test-rsa-1')
const CLOUDFRONT = { ...life, keyPairId: 'K1', privateKey: rsa.private }
const url = 'https://media.example.test/a'

/** As somebody without types would write it. */
function loose<Options extends object>(options: Options, wrong: object): Options {
  return { ...options, ...wrong }
}

test('a policy refuses an option that it does not know, by its name', () => {
  const cases: readonly (readonly [() => unknown, string])[] = [
    [() => createS3PostPolicy(loose(S3, { Conditions: [] })), 'Conditions'],
    [() => createS3PostPolicy(loose(S3, { maxBytes: 5 })), 'maxBytes'],
    [() => createGcsPostPolicy(loose(GCS, { sizeRange: [1, 5] })), 'sizeRange'],
    [() => presignCloudFront(loose({ ...CLOUDFRONT, url }, { ipAddress: '1.2.3.4' })), 'ipAddress'],
    [
      () =>
        createCloudFrontPrefix(loose({ ...CLOUDFRONT, resource: `${url}*` }, { dateLessThan: 1 })),
      'dateLessThan',
    ],
  ]
  for (const [make, name] of cases) {
    assert.throws(make, { name: 'TypeError', message: new RegExp(`must not hold ${name}:`) })
  }
})

test('a condition that no service knows is refused before it is signed', () => {
  const wrong = [
    ['content-length-rnage', 1, 5],
    ['eq', '$acl'],
    ['starts-with', 'acl', 'public'],
    ['eq', '$acl', 7],
    { acl: 7 },
    { acl: 'private', bucket: 'other' },
    {},
    'acl',
    null,
  ]
  for (const condition of wrong) {
    const conditions = [condition as never]
    const expected = { name: 'TypeError', message: /^conditions/ }
    assert.throws(() => createS3PostPolicy({ ...S3, conditions }), expected)
    assert.throws(() => createGcsPostPolicy({ ...GCS, conditions }), expected)
  }
  for (const range of [
    ['content-length-range', 5, 1],
    ['content-length-range', -1, 5],
    ['content-length-range', '1', 5],
  ]) {
    const conditions = [range as never]
    const expected = { name: 'RangeError', message: /content-length-range/ }
    assert.throws(() => createS3PostPolicy({ ...S3, conditions }), expected)
    assert.throws(() => createGcsPostPolicy({ ...GCS, conditions }), expected)
  }
})

test('a member of a policy that nobody enforces is named', () => {
  const policy = JSON.stringify({
    Statement: [
      {
        Resource: url,
        Condition: {
          DateLessThan: { 'AWS:EpochTime': 1_900_000_000 },
          IPAddress: { 'AWS:SourceIp': '1.2.3.4/32' },
        },
      },
    ],
  })
  const { expiresInSeconds: _, ...signer } = CLOUDFRONT
  assert.throws(
    () => presignCloudFront({ ...signer, url, policy }),
    (error) => isSigningError(error) && /IPAddress/.test(error.message),
  )
})
