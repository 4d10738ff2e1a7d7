import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHmac } from 'node:crypto'
import type { CreateS3PostPolicyOptions, VerifyS3PostPolicyOptions } from '../../../src/s3.ts'
import { checkContentLength, createS3PostPolicy, verifyS3PostPolicy } from '../../../src/s3.ts'
import { createV4Scope } from '../../../src/lib/v4.ts'
import { deriveV4KeyBytes } from '../../../src/lib/v4-key-chain.ts'
import { S3_SCHEME } from '../../../src/dialects/s3/params.ts'
import { CREDENTIALS, HOST, NOW, refusal, REGION } from './support.ts'

function create(options: Partial<CreateS3PostPolicyOptions> = {}) {
  return createS3PostPolicy({
    bucket: 'uploads',
    key: 'in/${filename}',
    endpoint: `https://${HOST}`,
    region: REGION,
    credentials: CREDENTIALS,
    expiresInSeconds: 900,
    now: NOW,
    conditions: [['content-length-range', 1, 1000]],
    ...options,
  } as CreateS3PostPolicyOptions)
}

type Fields = Readonly<Record<string, string>>

function verify(
  fields: Fields | readonly (readonly [string, string])[],
  file: { filename?: string; size?: number } = { filename: 'a.png', size: 10 },
  options: Partial<VerifyS3PostPolicyOptions> = {},
) {
  return verifyS3PostPolicy(
    { fields, file },
    {
      bucket: 'uploads',
      region: REGION,
      now: NOW,
      lookup: (id) => (id === CREDENTIALS.accessKeyId ? CREDENTIALS : null),
      ...options,
    },
  )
}

/** A form with this text as its policy, signed as its own. */
function signText(policyText: string, extra: Fields = {}): Fields {
  const policy = Buffer.from(policyText).toString('base64')
  const scope = createV4Scope(S3_SCHEME, '20260314', REGION, 's3')
  const key = deriveV4KeyBytes(S3_SCHEME, CREDENTIALS.secretAccessKey, scope)
  return {
    key: 'k',
    policy,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${CREDENTIALS.accessKeyId}/${scope.text}`,
    'x-amz-date': '20260314T092653Z',
    'x-amz-signature': createHmac('sha256', key).update(policy).digest('hex'),
    ...extra,
  }
}

const ANY = ['key', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date']
  .map((name) => `["starts-with", "$${name}", ""]`)
  .join(',')

function policyOf(conditions: string, expiration = '"2026-03-14T10:00:00Z"'): string {
  return `{"expiration": ${expiration}, "conditions": [{"bucket": "uploads"}, ${ANY}${conditions === '' ? '' : `, ${conditions}`}]}`
}

test('a form that was made here is verified, with the name of the file put in', () => {
  const form = create({ fields: { 'Content-Type': 'image/png' } })
  assert.equal(form.url, `https://${HOST}/uploads/`)
  assert.equal(form.expiresAt.toISOString(), '2026-03-14T09:41:53.000Z')
  const verified = verify(form.fields)
  assert.equal(verified.objectKey, 'in/a.png')
  assert.equal(verified.bucket, 'uploads')
  assert.equal(verified.key, CREDENTIALS)
  assert.deepEqual(verified.expiresAt, form.expiresAt)
  assert.deepEqual(verified.contentLengthRange, { minBytes: 1, maxBytes: 1000 })
  assert.equal(verified.fields.get('content-type'), 'image/png')
})

test('only the last part of a file name is put in, whatever is in it', () => {
  const { fields } = create()
  const cases: [string | undefined, string][] = [
    ['../../etc/passwd', 'in/passwd'],
    ['C:\\temp\\a.png', 'in/a.png'],
    ['$&$1.png', 'in/$&$1.png'],
    ['${filename}', 'in/${filename}'],
    ['dir/', 'in/'],
    [undefined, 'in/'],
  ]
  for (const [filename, objectKey] of cases) {
    const file = filename === undefined ? {} : { filename }
    assert.equal(verify(fields, file).objectKey, objectKey)
  }
})

test('a form without policy, key, credential, date or signature is refused', () => {
  const { fields } = create()
  for (const name of [
    'key',
    'Policy',
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Signature',
  ]) {
    const { [name]: _, ...others } = fields
    const { details } = refusal('parameter-missing', () => verify(others))
    assert.equal(details.parameter, name.toLowerCase())
    refusal('parameter-missing', () => verify({ ...fields, [name]: '' }))
  }
})

test('the signature is checked before the policy is decoded', () => {
  const { fields } = create()
  for (const Policy of ['not base64!', Buffer.from('not JSON').toString('base64')]) {
    refusal('signature-mismatch', () => verify({ ...fields, Policy }))
  }
  refusal('signature-malformed', () => verify({ ...fields, 'X-Amz-Signature': 'ABC' }))
  refusal('key-unknown', () => verify(fields, {}, { lookup: () => null }))
  refusal('token-invalid', () => verify({ ...fields, 'x-amz-security-token': 'x' }))
  refusal('scope-mismatch', () => verify(fields, {}, { region: 'eu-west-1' }))
  refusal('scope-mismatch', () => verify({ ...fields, 'X-Amz-Date': '20260313T092653Z' }))
  refusal('parameter-malformed', () => verify({ ...fields, 'X-Amz-Date': 'now' }))
  refusal('algorithm-unsupported', () => verify({ ...fields, 'X-Amz-Algorithm': 'AWS4-HMAC-SHA1' }))
})

test('each condition is held against its field', () => {
  const conditions = '["eq", "$x-amz-meta-a", "One"], ["starts-with", "$Content-Type", "image/"]'
  const fields = signText(policyOf(conditions), {
    'X-Amz-Meta-A': 'One',
    'content-type': 'image/png, image/gif',
  })
  assert.equal(verify(fields).objectKey, 'k')
  const wrong: Fields[] = [
    { ...fields, 'X-Amz-Meta-A': 'one' },
    { ...fields, 'X-Amz-Meta-A': '' },
    { ...fields, 'content-type': 'image/png, text/html' },
    { ...fields, 'content-type': 'text/html' },
  ]
  for (const form of wrong) refusal('policy-condition-failed', () => verify(form))
  const { 'X-Amz-Meta-A': _, ...without } = fields
  const { details } = refusal('policy-condition-failed', () => verify(without))
  assert.equal(details.condition, '["eq", "$x-amz-meta-a", "One"]')
})

test('every field needs a condition, but those that cannot have one', () => {
  const fields = signText(policyOf(''), { 'x-ignore-me': 'x', file: 'x' })
  assert.equal(verify(fields).objectKey, 'k')
  for (const name of ['acl', 'success_action_redirect', 'x-amz-meta-a', 'tagging', 'x-ignored']) {
    const { details } = refusal('policy-extra-field', () => verify({ ...fields, [name]: 'x' }))
    assert.equal(details.field, name)
  }
})

test('the bucket is the one the request went to', () => {
  const { fields } = create()
  refusal('policy-condition-failed', () => verify(fields, {}, { bucket: 'other' }))
  refusal('policy-condition-failed', () =>
    verify({ ...fields, bucket: 'other' }, {}, { bucket: 'other' }),
  )
  refusal('policy-condition-failed', () => verify({ ...fields, bucket: 'other' }))
  const open = signText(policyOf('').replace('{"bucket": "uploads"}, ', ''))
  assert.equal(refusal('policy-extra-field', () => verify(open)).details.field, 'bucket')
})

test('a field that comes twice, in whatever case, is refused', () => {
  const pairs = Object.entries(create().fields)
  for (const name of ['key', 'KEY', 'policy', 'x-amz-date']) {
    refusal('parameter-duplicate', () => verify([...pairs, [name, 'x']]))
  }
})

test('both ends of a size range are allowed, and ranges add up', () => {
  const { fields } = create()
  for (const size of [1, 1000]) verify(fields, { size })
  assert.equal(refusal('entity-too-small', () => verify(fields, { size: 0 })).details.minBytes, 1)
  assert.equal(
    refusal('entity-too-large', () => verify(fields, { size: 1001 })).details.maxBytes,
    1000,
  )
  const two = signText(
    policyOf('["content-length-range", "5", "20"], ["content-length-range", 1, 10]'),
  )
  assert.deepEqual(verify(two, {}).contentLengthRange, { minBytes: 5, maxBytes: 10 })
  assert.equal(verify(signText(policyOf('')), {}).contentLengthRange, null)
  checkContentLength(5, { minBytes: 5, maxBytes: 5 })
})

test('a policy has its time', () => {
  const { expiresAt, fields } = create()
  verify(fields, {}, { now: new Date(expiresAt.getTime() - 1) })
  refusal('signature-expired', () => verify(fields, {}, { now: expiresAt }))
  refusal('signature-not-yet-valid', () =>
    verify(fields, {}, { now: new Date(NOW.getTime() - 901_000) }),
  )
  refusal('expiry-too-long', () => verify(fields, {}, { maxExpiresInSeconds: 899 }))
  verify(signText(policyOf('', '"2026-03-14T10:00:00.123Z"')))
})

test('a policy that is not one is refused', () => {
  const broken = [
    '',
    'null',
    '[]',
    '{}',
    '{"expiration": "2026-03-14T10:00:00Z"}',
    policyOf('', '"2026-03-14T10:00:00+01:00"'),
    policyOf('', '"2026-03-14"'),
    policyOf('', '"2026-02-30T10:00:00Z"'),
    policyOf('', '1773482813'),
    policyOf('"text"'),
    policyOf('{"a": "1", "b": "2"}'),
    policyOf('{"a": 1}'),
    policyOf('{}'),
    policyOf('["eq", "a", "b"]'),
    policyOf('["eq", "$a"]'),
    policyOf('["like", "$a", "b"]'),
    policyOf('["content-length-range", -1, 2]'),
    policyOf('["content-length-range", "a", 2]'),
    policyOf('["content-length-range", 1]'),
    policyOf('["content-length-range", 1.5, 2]'),
  ]
  for (const text of broken.slice(1)) refusal('policy-malformed', () => verify(signText(text)))
  refusal('policy-malformed', () =>
    verify(signText(policyOf(''), { 'x-ignore-a': 'x'.repeat(20_480) })),
  )
})

test('an option that cannot be used is named', () => {
  assert.throws(() => create({ key: '' }), { message: /^key/ })
  assert.throws(() => create({ key: '\ud800' }), { message: /^key/ })
  assert.throws(() => create({ expiresInSeconds: 0 }), { message: /^expiresInSeconds/ })
  assert.throws(() => create({ expiresInSeconds: 604_801 }), { message: /^expiresInSeconds/ })
  assert.throws(() => create({ conditions: [['content-length-range', 5, 1]] }), {
    message: /^conditions/,
  })
  assert.throws(() => create({ conditions: [['content-length-range', -1, 1]] }), {
    message: /^conditions/,
  })
  assert.throws(() => create({ bucket: 'a/b' }), { message: /^bucket/ })
})
