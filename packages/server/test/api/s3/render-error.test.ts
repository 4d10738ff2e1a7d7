import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SigningError } from '@hallpass/signing'
import { verifyS3 } from '@hallpass/signing/s3'
import type { SigningErrorCode, SigningErrorDetails } from '@hallpass/signing'
import type { S3Answer } from '../../../src/api/s3/face.ts'
import {
  codeOf,
  describeError,
  isUnforeseen,
  renderError,
} from '../../../src/api/s3/errors/render-error.ts'
import { S3Refusal } from '../../../src/api/s3/errors/s3-refusal.ts'
import type { S3RefusalCode, S3RefusalDetails } from '../../../src/api/s3/errors/s3-refusal.ts'
import { DomainError, refusal } from '../../../src/core/errors.ts'
import type { DomainErrorCode, DomainErrorDetails } from '../../../src/core/errors.ts'
import { HttpFault } from '../../../src/http/faults.ts'
import {
  storeConflict,
  storeCorrupt,
  storeFull,
  storeUnavailable,
} from '../../../src/platform/store-errors.ts'

const RAW = {
  method: 'GET',
  target: '/acme/a.txt?X-Amz-Signature=0000',
  headers: ['Host', 'files.test'],
  scheme: 'http',
  clientIp: '203.0.113.9',
} as const

const REFUSED = { raw: RAW, requestId: '0123456789ABCDEF', nowMs: 0, path: null } as const

const DOMAIN_SAMPLES: { readonly [Code in DomainErrorCode]: DomainErrorDetails[Code] } = {
  'master-key-elsewhere': {},
  'bucket-name-invalid': { reason: 'r' },
  'bucket-not-found': { bucket: 'b' },
  'bucket-not-empty': { bucket: 'b' },
  'bucket-exists': { bucket: 'b' },
  'bucket-read-only': { bucket: 'b' },
  'mount-limited': { bucket: 'b', reason: 'r' },
  'mount-overlaps': { other: 'b' },
  'store-refused': { reason: 'r' },
  'key-too-long': { bytes: 2000, maxBytes: 1024 },
  'path-invalid': { reason: 'r' },
  'file-not-found': { path: 'b/a/k' },
  'version-not-found': { path: 'b/a/k', versionId: 'v' },
  'copy-source-deleted': { path: 'b/a/k', versionId: 'v' },
  'version-deleted': { path: 'b/a/k', versionId: 'v', modifiedAt: 0 },
  'file-exists': { path: 'b/k' },
  'folder-not-found': { path: 'b/' },
  'link-not-found': { id: 'i' },
  'key-not-found': { id: 'i' },
  'alert-not-found': { id: 'alert_x' },
  'share-not-found': {},
  'share-password-needed': {},
  'share-password-wrong': {},
  'too-many-passwords': { retryAfterSeconds: 7 },
  'share-form-foreign': {},
  'no-file-sent': {},
  'session-over': {},
  'session-foreign': {},
  'sign-in-stale': {},
  'sign-in-refused': {},
  'sign-in-no-group': {},
  'sign-in-unavailable': {},
  'too-many-to-pack': { maxFiles: 50_000 },
  'watch-setting-not-found': { path: 'acme/' },
  'link-paused': {},
  'webhook-not-found': { id: 'hook_x' },
  'delivery-not-found': { id: 'msg_x' },
  'revocation-not-found': { scope: '' },
  'precondition-failed': { condition: 'If-Match' },
  'not-modified': { etag: 'e', modifiedAt: 0 },
  'range-not-satisfiable': { size: 10 },
  'field-invalid': { field: 'max-keys', reason: 'r' },
  'file-too-large': { maxBytes: 5 },
  'file-too-small': { minBytes: 10 },
  'too-many-requests': { of: 'key', perSecond: 5, retryAfterSeconds: 1 },
  'quota-exceeded': { where: 'acme/', maxBytes: 5, maxFiles: null },
  'held-file-not-found': { id: 'held_1' },
  'malware-found': { name: 'Eicar-Test-Signature' },
  'file-unscannable': { scanner: 'clamav' },
  'upload-refused': { reason: 'no invoices here' },
  'upload-overtaken': {},
  'type-contradicted': { says: 'the type image/png', found: 'text/html' },
  'content-type-not-allowed': { allowed: ['image/png'] },
  'digest-mismatch': { check: 'Content-MD5' },
  'body-incomplete': { expected: 5, received: 3 },
  'upload-too-long': { maxSeconds: 5 },
  'upload-not-found': { id: 'u' },
  'upload-limit': { of: 'bytes', limit: 5 },
  'link-limit': { limit: 5 },
  'upload-offset-wrong': { expected: 5 },
  'upload-link-invalid': { reason: 'r' },
  'upload-claim-wrong': { reason: 'r' },
  'upload-incomplete': { missing: 2, partCount: 3 },
  'metadata-too-large': { bytes: 3000, maxBytes: 2048 },
  'part-invalid': { uploadId: 'u', number: 1, etag: 'e' },
  'part-order-invalid': { number: 1 },
  'part-too-small': { number: 1, etag: 'e', bytes: 1, minBytes: 5 },
  'part-not-satisfiable': { number: 2, count: 1 },
  'expiry-too-long': { field: 'f', seconds: 10, maxSeconds: 5, hint: 'h' },
  'policy-refused': { line: 'methods', where: 'the policy of acme/', reason: 'r' },
  unauthenticated: { reason: 'r' },
  'api-key-invalid': {},
  'user-token-invalid': { reason: 'x' },
  'issuer-unavailable': {},
  forbidden: { action: 'read' },
  'link-revoked': {},
  'link-used': {},
  'link-not-yet': { notBefore: 0 },
  'link-shortened': { expiresAt: 0 },
  'link-widened': { field: 'maxUses', has: '1' },
  'link-ip-not-allowed': {},
  'link-preview-refused': { agent: 'a' },
  'revocation-ahead': { scope: '', notBefore: 0 },
  'token-expired': { expiresAt: 0 },
  'method-not-allowed': { method: 'PATCH', allowed: ['GET', 'PUT'] },
}

const S3_SAMPLES: { readonly [Code in S3RefusalCode]: S3RefusalDetails[Code] } = {
  'redirect-location-invalid': {},
  'storage-class-unknown': { value: 'COLD' },
  'acl-missing': {},
  'acl-not-supported': {},
  'attributes-missing': {},
  'body-unexpected': {},
  'bucket-acl-not-supported': {},
  'bucket-owner-unexpected': { header: 'x-amz-expected-bucket-owner', owner: 'hallpass' },
  'bucket-policy-malformed': { reason: 'r' },
  'checksum-conflict': { reason: 'r' },
  'copy-to-itself': {},
  'cors-rule-invalid': { reason: 'r' },
  'digest-invalid': { check: 'x-amz-checksum-crc32' },
  'digest-missing': {},
  'form-expected': {},
  'form-fields-too-large': { maxBytes: 5 },
  'form-file-missing': {},
  'form-malformed': { reason: 'r' },
  'length-required': {},
  'location-invalid': { location: 'mars-1', region: 'us-east-1' },
  'lock-not-configured': {},
  'lock-without-versions': {},
  'not-implemented': { feature: 'acl' },
  'request-contradictory': { reason: 'r' },
  'response-override-unsigned': {},
  'setting-not-found': { setting: 'tagging', bucket: 'b' },
  'tag-invalid': { reason: 'r' },
  'versioning-unspecified': {},
  'xml-malformed': { reason: 'r' },
  'xml-too-large': { maxBytes: 5 },
}

const NOW = new Date(0)
const SIGNING_SAMPLES: {
  readonly [Code in SigningErrorCode]: readonly [SigningErrorDetails[Code], string, string]
} = {
  'signature-mismatch': [{ dialect: 's3' }, '403 SignatureDoesNotMatch', ''],
  'signature-malformed': [{ parameter: 'p' }, '403 SignatureDoesNotMatch', ''],
  'signature-expired': [{ expiredAt: NOW, now: NOW }, '403 AccessDenied', ''],
  'signature-not-yet-valid': [{ validFrom: NOW, now: NOW }, '403 AccessDenied', ''],
  'signature-missing': [{ dialect: 's3' }, '403 AccessDenied', ''],
  'time-skewed': [{ signedAt: NOW, now: NOW, maxSkewSeconds: 900 }, '403 RequestTimeTooSkewed', ''],
  'expiry-too-long': [{ seconds: 9, maxSeconds: 5 }, '400 AuthorizationQueryParametersError', ''],
  'parameter-missing': [
    { parameter: 'Credential' },
    '400 AuthorizationQueryParametersError',
    '400 AuthorizationHeaderMalformed',
  ],
  'parameter-duplicate': [
    { parameter: 'X-Amz-Date' },
    '400 AuthorizationQueryParametersError',
    '400 AuthorizationHeaderMalformed',
  ],
  'parameter-malformed': [
    { parameter: 'Authorization', reason: 'r' },
    '400 AuthorizationQueryParametersError',
    '400 AuthorizationHeaderMalformed',
  ],
  'algorithm-unsupported': [
    { algorithm: 'AWS4-HMAC-SHA1', supported: ['AWS4-HMAC-SHA256'] },
    '400 AuthorizationQueryParametersError',
    '400 InvalidArgument',
  ],
  'scope-mismatch': [
    { part: 'region', actual: 'x', expected: 'y' },
    '400 AuthorizationQueryParametersError',
    '400 AuthorizationHeaderMalformed',
  ],
  'key-unknown': [{ keyId: 'k' }, '403 InvalidAccessKeyId', ''],
  'key-invalid': [{ parameter: 'p', reason: 'r' }, '500 InternalError', ''],
  'token-invalid': [{ parameter: 'p' }, '400 InvalidToken', ''],
  'headers-unsigned': [{ names: ['x-amz-acl'] }, '403 AccessDenied', ''],
  'header-missing': [{ name: 'range' }, '403 SignatureDoesNotMatch', ''],
  'header-conflict': [{ name: 'x-amz-acl' }, '400 InvalidRequest', ''],
  'credentials-ambiguous': [{ found: ['query', 'header'] }, '400 InvalidArgument', ''],
  'permission-missing': [{ needed: 'r', granted: 'w' }, '403 AccessDenied', ''],
  'resource-mismatch': [{ reason: 'r' }, '403 AccessDenied', ''],
  'ip-not-allowed': [{ allowed: 'a' }, '403 AccessDenied', ''],
  'country-not-allowed': [{ allowed: 'CH', blocked: null }, '403 AccessDenied', ''],
  'referrer-not-allowed': [{ allowed: 'a', blocked: null }, '403 AccessDenied', ''],
  'policy-unknown': [{ policyId: 'p' }, '403 AccessDenied', ''],
  'protocol-not-allowed': [{ allowed: 'https' }, '403 AccessDenied', ''],
  'policy-malformed': [{ reason: 'r' }, '400 InvalidPolicyDocument', ''],
  'policy-condition-failed': [{ condition: 'c' }, '403 AccessDenied', ''],
  'policy-extra-field': [{ field: 'f' }, '403 AccessDenied', ''],
  'entity-too-large': [{ size: 9, maxBytes: 5 }, '400 EntityTooLarge', ''],
  'entity-too-small': [{ size: 1, minBytes: 5 }, '400 EntityTooSmall', ''],
  'payload-mismatch': [{ parameter: 'p' }, '400 XAmzContentSHA256Mismatch', ''],
  'chunk-malformed': [{ reason: 'r' }, '400 IncompleteBody', ''],
  'body-incomplete': [{ expected: 5, received: 3 }, '400 IncompleteBody', ''],
  'chunk-too-small': [{ chunk: 1, size: 5, minBytes: 8192 }, '403 InvalidChunkSizeError', ''],
  'trailer-malformed': [{ reason: 'r' }, '400 MalformedTrailerError', ''],
  'sync-crypto-unavailable': [{ operation: 'o' }, '500 InternalError', ''],
}

/** The body as text; answers to errors are never read from a store. */
function textOf(answer: S3Answer): string {
  const { body } = answer
  return body instanceof Uint8Array ? Buffer.from(body).toString() : ''
}

/** What docs/errors.md says the object plane answers, by code. */
function documented(): Map<string, string> {
  const page = readFileSync(new URL('../../../../../docs/errors.md', import.meta.url), 'utf8')
  const entries = page.matchAll(/^#### ([a-z-]+)\n\n(?:REST \d{3} · )?S3 (\d{3} \w+)\./gm)
  return new Map([...entries].map(([, code = '', answer = '']) => [code, answer]))
}

test('each refusal of the domain is answered as docs/errors.md says', () => {
  const answers = documented()
  for (const [code, details] of Object.entries(DOMAIN_SAMPLES)) {
    const error = new DomainError(code as DomainErrorCode, details)
    const described = describeError(error, 'query')
    assert.equal(`${described.status} ${described.code}`, answers.get(code), code)
  }
  for (const [code, details] of Object.entries(S3_SAMPLES)) {
    const described = describeError(new S3Refusal(code as S3RefusalCode, details), 'query')
    assert.equal(`${described.status} ${described.code}`, answers.get(code), code)
  }
  for (const [code, fault] of [
    ['store-unavailable', storeUnavailable('')],
    ['storage-full', storeFull('')],
    ['store-corrupt', storeCorrupt('')],
  ] as const) {
    const described = describeError(fault, 'query')
    assert.equal(`${described.status} ${described.code}`, answers.get(code), code)
  }
})

/** Those that ask for nothing: an answer, a preview that needs none, a client that is gone. */
const NOTHING_TO_DO = [
  'client-gone',
  'folder-not-found',
  'link-preview-refused',
  'not-modified',
  'setting-not-found',
]

test('every refusal says what to do about it, in a sentence', () => {
  const refusals: readonly unknown[] = [
    ...Object.entries(DOMAIN_SAMPLES).map(
      ([code, details]) => new DomainError(code as DomainErrorCode, details),
    ),
    ...Object.entries(S3_SAMPLES).map(
      ([code, details]) => new S3Refusal(code as S3RefusalCode, details),
    ),
    ...Object.entries(SIGNING_SAMPLES).map(
      ([code, [details]]) => new SigningError(code as SigningErrorCode, 'message', details),
    ),
    ...(['body-too-slow', 'client-gone', 'host-not-served'] as const).map(
      (code) => new HttpFault(code),
    ),
    storeUnavailable(''),
    storeConflict(''),
    storeCorrupt(''),
    storeFull(''),
    new Error('bug'),
  ]
  for (const error of refusals) {
    for (const form of ['query', 'header', 'form'] as const) {
      const remedies = describeError(error, form).elements?.filter(([name]) => name === 'Remedy')
      const code = codeOf(error)
      if (NOTHING_TO_DO.includes(code)) assert.deepEqual(remedies ?? [], [], code)
      else assert.match(String(remedies?.[0]?.[1]), /^[A-Z][^<]{8,}\.$/, code)
    }
  }
})

test('a header or a method that was signed is named, and no value of it', () => {
  const target =
    '/acme/a.txt?X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-meta-a&X-Amz-Signature=SECRET'
  const error = new SigningError('signature-mismatch', 'm', { dialect: 's3' })
  const raw = { ...REFUSED.raw, method: 'GET', target }
  const named = textOf(renderError(error, { ...REFUSED, raw }))
  assert.match(named, /<Remedy>[^<]*content-type, x-amz-meta-a \(X-Amz-SignedHeaders\)/)
  const facts = { signedMethod: 'PUT', isUploadLink: true, isPublicFolder: false }
  const method = textOf(renderError(error, { ...REFUSED, raw, facts }))
  assert.match(method, /<Remedy>Send it as PUT: it was signed for that, and came as GET\.</)
  for (const text of [named, method]) assert.doesNotMatch(text, /SECRET/)
  const strange = { ...raw, target: target.replace('content-type', '%3Cb%3E') }
  assert.doesNotMatch(textOf(renderError(error, { ...REFUSED, raw: strange })), /&lt;b/)
})

test('an API key at the address of a file is told where it belongs', () => {
  const details = { algorithm: 'Bearer', supported: ['AWS4-HMAC-SHA256'] }
  const error = new SigningError('algorithm-unsupported', 'm', details)
  const { elements } = describeError(error, 'header')
  assert.match(String(elements?.at(-1)?.[1]), /API keys are for \/v1/)
})

test('each refusal of a signature is answered as S3 answers it, in both forms', () => {
  for (const [code, [details, query, header]] of Object.entries(SIGNING_SAMPLES)) {
    const error = new SigningError(code as SigningErrorCode, 'message', details)
    for (const [form, expected] of [
      ['query', query],
      ['header', header === '' ? query : header],
    ] as const) {
      const described = describeError(error, form)
      assert.equal(`${described.status} ${described.code}`, expected, `${code} in the ${form}`)
    }
  }
})

test('what is wrong with an authorization header is said in the words of S3', () => {
  const scope = '20260801/us-east-1/s3/aws4_request'
  const rest = `SignedHeaders=host, Signature=${'0'.repeat(64)}`
  for (const [authorization, expected] of [
    [`Credential=AKID/${scope}, ${rest}, Other=1`, /requires three components: Credential,/],
    [`Credential=AKID/${scope}, SignedHeaders-Host`, /component "SignedHeaders-Host" is malformed/],
    [`Credential=AKID/${scope}, ${'0f'.repeat(32)}`, /; an authorization component is malformed/],
    [rest, /; missing Credential\.$/],
    [`Credential=AKID/${scope}, Signature=00`, /; missing SignedHeaders\.$/],
    [`Credential=AKID/${scope}, SignedHeaders=host`, /; missing Signature\.$/],
    [`Credential=AKID, ${rest}`, /the Credential is mal-formed; expecting "<YOUR-AKID>\/YYYYMMDD/],
    [
      `Credential=AKID/2026Z801/us-east-1/s3/aws4_request, ${rest}`,
      /incorrect date format "2026Z801"/,
    ],
  ] as const) {
    const headers = ['host', 'h', 'x-amz-date', '20260801T000000Z', 'authorization']
    const error = verifyError([...headers, `AWS4-HMAC-SHA256 ${authorization}`])
    const { status, code, message } = describeError(error, 'header')
    assert.equal(`${status} ${code}`, '400 AuthorizationHeaderMalformed', authorization)
    assert.match(message, /^The authorization header is malformed; /)
    assert.match(message, expected)
    assert.doesNotMatch(message, /0f0f/)
  }
  const undated = verifyError([
    'host',
    'h',
    'authorization',
    `AWS4-HMAC-SHA256 Credential=AKID/${scope}, ${rest}`,
    'x-amz-date',
    'today',
  ])
  const { status, message } = describeError(undated, 'header')
  assert.equal(status, 403)
  assert.equal(message, 'AWS authentication requires a valid Date or x-amz-date header')
})

test('what is wrong with the credential of a form is an argument of it, as S3 has it', () => {
  const cause = { part: 'region', actual: 'eu-west-1', expected: 'us-east-1' } as const
  const error = new SigningError('scope-mismatch', 'message', cause)
  const { code, message, elements } = describeError(error, 'form')
  assert.equal(code, 'InvalidArgument')
  assert.equal(message, "the region 'eu-west-1' is wrong; expecting 'us-east-1'")
  assert.deepEqual(elements?.slice(0, 2), [
    ['ArgumentName', 'X-Amz-Credential'],
    ['Region', 'us-east-1'],
  ])
  const details = { parameter: 'x-amz-date', reason: 'r' }
  const dated = describeError(new SigningError('parameter-malformed', 'message', details), 'form')
  assert.equal(dated.code, 'InvalidArgument')
})

function verifyError(headers: readonly string[]): unknown {
  const request = {
    method: 'GET',
    target: '/acme/a',
    headers,
    scheme: 'https',
    clientIp: '::1',
  } as const
  try {
    verifyS3(request, {
      region: 'us-east-1',
      lookup: () => null,
      now: new Date(Date.UTC(2026, 7, 1)),
    })
  } catch (error) {
    return error
  }
  return assert.fail('it was verified')
}

test('faults of stores, sockets and of our own say nothing about themselves', () => {
  const cases: readonly (readonly [unknown, number, boolean])[] = [
    [storeUnavailable('disk /data is full'), 503, true],
    [storeConflict('blob abc exists'), 409, true],
    [storeCorrupt('blob abc is short'), 500, true],
    [new HttpFault('body-too-slow'), 408, false],
    [new TypeError('undefined is not a function at /srv/app.ts'), 500, true],
    ['not even an error', 500, true],
    [storeFull('disk /data is full'), 507, true],
    [refusal('forbidden', { action: 'read' }), 403, false],
  ]
  for (const [error, status, unforeseen] of cases) {
    const answer = renderError(error, { ...REFUSED, requestId: 'ID' })
    assert.equal(answer.status, status)
    assert.doesNotMatch(textOf(answer), /disk|blob|undefined|srv|not even/)
    assert.equal(isUnforeseen(error), unforeseen)
  }
})

test('an answer names the resource without its query, and the request', () => {
  const error = refusal('file-not-found', { path: 'acme/a.txt' })
  const body = textOf(renderError(error, REFUSED))
  assert.match(body, /<Resource>\/acme\/a\.txt<\/Resource>/)
  assert.match(body, /<Key>a\.txt<\/Key>/)
  assert.match(body, /<RequestId>0123456789ABCDEF<\/RequestId>/)
  assert.doesNotMatch(body, /Signature/)
})

test('a missing length of a chunked body, or a missing hash, is named for what it is', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['x-amz-decoded-content-length', '411 MissingContentLength'],
    ['x-amz-content-sha256', '400 InvalidRequest'],
    ['x-amz-date', '403 AccessDenied'],
  ]
  for (const [name, expected] of cases) {
    const { status, code } = describeError(
      new SigningError('header-missing', 'm', { name }),
      'header',
    )
    assert.equal(`${status} ${code}`, expected)
  }
})
