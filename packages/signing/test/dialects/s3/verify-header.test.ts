import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { SignS3HeadersOptions } from '../../../src/s3.ts'
import { decodeS3Credential, hasS3Authentication, signS3Headers } from '../../../src/s3.ts'
import { CREDENTIALS, HOST, NOW, refusal, REGION, toRequest, verify } from './support.ts'

function sign(options: Partial<SignS3HeadersOptions> = {}): ReturnType<typeof signS3Headers> {
  return signS3Headers({
    method: 'PUT',
    bucket: 'reports',
    key: 'docs/a b.txt',
    endpoint: `https://${HOST}`,
    region: REGION,
    credentials: CREDENTIALS,
    now: NOW,
    payloadHash: 'UNSIGNED-PAYLOAD',
    ...options,
  })
}

/** The signed request with another value of one header, or without it for `null`. */
function withHeader(
  name: string,
  value: string | null,
  options: Partial<SignS3HeadersOptions> = {},
) {
  const { headers, ...signed } = sign(options)
  const { [name]: _, ...others } = headers
  return toRequest({ ...signed, headers: value === null ? others : { ...others, [name]: value } })
}

test('what is signed is verified, whatever the key, the query and the headers', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  const query = fc.dictionary(
    text.filter((name) => !/^(?:x-amz-|response-)/i.test(name)),
    text,
  )
  const headers = fc.dictionary(
    fc.stringMatching(/^[b-g][a-z]{1,9}$/),
    fc.stringMatching(/^[ -~]*$/),
  )
  fc.assert(
    fc.property(text, query, headers, (key, parameters, sent) => {
      const verified = verify(toRequest(sign({ key, query: parameters, headers: sent })))
      assert.equal(verified.kind, 'header')
      assert.equal(verified.expiresAt, null)
      assert.equal(verified.path, `/reports/${key}`)
      assert.deepEqual(verified.signedAt, NOW)
      for (const [name, value] of Object.entries(parameters)) {
        assert.equal(verified.query.get(name), value)
      }
    }),
    { numRuns: 100 },
  )
})

test('an Authorization header has its three parts once, and nothing else', () => {
  const right = sign().headers['authorization'] ?? ''
  const request = withHeader('authorization', right.replaceAll(', ', ','))
  assert.equal(verify(request).kind, 'header')
  assert.equal(hasS3Authentication(request), 'header')
  for (const wrong of [
    right.replace(/, Signature=.*/, ''),
    right.replace(/SignedHeaders=[^,]*, /, ''),
    right.replace(/Credential=[^,]*, /, ''),
    `${right}, Signature=${'0'.repeat(64)}`,
    `${right}, More=1`,
    `${right},`,
    right.replace('Credential=', 'credential='),
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256 ,,,',
  ]) {
    const { details } = refusal('parameter-malformed', () =>
      verify(withHeader('authorization', wrong)),
    )
    assert.equal(details.parameter, 'Authorization')
  }
})

test('another scheme is refused by name, and is no signature of S3', () => {
  for (const value of ['Bearer abc', 'Basic YTpi', 'aws4-hmac-sha256 a', '']) {
    const request = withHeader('authorization', value)
    refusal('algorithm-unsupported', () => verify(request))
    assert.equal(hasS3Authentication(request), 'none')
    assert.equal(decodeS3Credential(request), null)
  }
  const version2 = withHeader('authorization', 'AWS AKID:signature')
  assert.equal(refusal('algorithm-unsupported', () => verify(version2)).details.algorithm, 'AWS')
  assert.equal(hasS3Authentication(version2), 'header')
})

test('the hash of the body has to be announced, and is signed', () => {
  const { details } = refusal('header-missing', () =>
    verify(withHeader('x-amz-content-sha256', null)),
  )
  assert.equal(details.name, 'x-amz-content-sha256')
  refusal('signature-mismatch', () => verify(withHeader('x-amz-content-sha256', '0'.repeat(64))))
  refusal('parameter-malformed', () => verify(withHeader('x-amz-content-sha256', 'nonsense')))
  const sha256 = 'c'.repeat(64)
  assert.deepEqual(verify(toRequest(sign({ payloadHash: sha256 }))).payload, {
    kind: 'sha256',
    sha256,
  })
})

test('the clocks may differ by a quarter of an hour, either way', () => {
  const request = toRequest(sign())
  for (const seconds of [-900, 900]) {
    verify(request, { now: new Date(NOW.getTime() + seconds * 1000) })
    const now = new Date(NOW.getTime() + seconds * 1001)
    const { details } = refusal('time-skewed', () => verify(request, { now }))
    assert.equal(details.maxSkewSeconds, 900)
    assert.deepEqual(details.signedAt, NOW)
  }
})

test('a request without a time is refused', () => {
  const { details } = refusal('header-missing', () => verify(withHeader('x-amz-date', null)))
  assert.equal(details.name, 'x-amz-date')
  refusal('parameter-malformed', () => verify(withHeader('x-amz-date', '2026-03-14')))
  refusal('scope-mismatch', () => verify(withHeader('x-amz-date', '20260313T092653Z')))
})

test('every x-amz- header is signed, and those that decide come once', () => {
  const request = toRequest(sign({ headers: { 'x-amz-meta-a': '1' } }))
  refusal('headers-unsigned', () =>
    verify({ ...request, headers: [...request.headers, 'x-amz-acl', 'public-read'] }),
  )
  for (const name of ['x-amz-date', 'x-amz-content-sha256', 'authorization', 'host']) {
    refusal('parameter-duplicate', () =>
      verify({ ...request, headers: [...request.headers, name.toUpperCase(), 'x'] }),
    )
  }
  // In this form Content-MD5 may be left unsigned.
  verify({ ...request, headers: [...request.headers, 'Content-MD5', 'x'] })
})

test('query parameters of the other form beside the header are refused', () => {
  const request = toRequest(sign())
  for (const name of ['X-Amz-Signature', 'X-Amz-Expires', 'X-Amz-Date']) {
    refusal('credentials-ambiguous', () =>
      verify({ ...request, target: `${request.target}?${name}=1` }),
    )
  }
})

test('each part that is signed, changed, is refused', () => {
  const request = toRequest(sign({ query: { versionId: '1' }, headers: { 'content-type': 'a/b' } }))
  refusal('signature-mismatch', () => verify({ ...request, method: 'GET' }))
  refusal('signature-mismatch', () => verify({ ...request, target: `${request.target}2` }))
  refusal('signature-mismatch', () =>
    verify({ ...request, headers: request.headers.map((text) => (text === 'a/b' ? 'a/c' : text)) }),
  )
  refusal('signature-mismatch', () =>
    verify({
      ...request,
      headers: request.headers.map((text) => (text === HOST ? 'x.test' : text)),
    }),
  )
})

test('a streaming body has a length announced', () => {
  const payloadHash = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  refusal('header-missing', () => verify(toRequest(sign({ payloadHash }))))
  for (const length of ['', '-1', '1e3', '0x1', '1'.repeat(16)]) {
    const headers = { 'x-amz-decoded-content-length': length }
    refusal('parameter-malformed', () => verify(toRequest(sign({ payloadHash, headers }))))
  }
})

test('a signed Date header stands in where there is no x-amz-date', async () => {
  const { parseHttpDate } = await import('../../../src/dialects/s3/http-date.ts')
  assert.equal(parseHttpDate('Fri, 24 May 2013 00:00:00 GMT')?.getTime(), Date.UTC(2013, 4, 24))
  for (const zone of ['-0000', '+0000']) {
    const written = `Fri, 24 May 2013 00:00:00 ${zone}`
    assert.equal(parseHttpDate(written)?.getTime(), Date.UTC(2013, 4, 24))
  }
  for (const text of [
    'Fri, 24 May 2013 00:00:00 +0100',
    'Fri, 31 Apr 2013 00:00:00 GMT',
    '24 May 2013',
    'Fri, 24 May 2013 24:00:01 GMT',
    '',
  ]) {
    assert.equal(parseHttpDate(text), null)
  }
})

test('an option that cannot be used is named', () => {
  assert.throws(() => sign({ headers: { 'x-amz-date': 'x' } }), { message: /^headers/ })
  assert.throws(() => sign({ headers: { authorization: 'x' } }), { message: /^headers/ })
  assert.throws(() => sign({ key: '' }), { message: /^key/ })
  assert.throws(() => sign({ query: { a: '\ud800' } }), { message: /^query/ })
  assert.throws(() => sign({ method: 'put' }), { message: /^method/ })
})
