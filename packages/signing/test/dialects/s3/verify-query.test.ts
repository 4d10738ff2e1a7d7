import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeS3Credential, hasS3Authentication, presignS3 } from '../../../src/s3.ts'
import {
  CREDENTIALS,
  HOST,
  NOW,
  presign,
  refusal,
  REGION,
  toRequest,
  verify,
  withParameter,
} from './support.ts'

const presigned = presign()
const request = toRequest(presigned)

/** The same request with other text in the place of its query parameter. */
function changed(name: string, value: string | null): ReturnType<typeof toRequest> {
  return toRequest({ ...presigned, url: withParameter(presigned.url, name, value) })
}

test('each of the 64 digits counts, whatever the method', () => {
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
    const { url } = presign({ method })
    const signature = url.slice(-64)
    for (let index = 0; index < 64; index += 1) {
      const digit = signature[index] === '0' ? '1' : '0'
      const other = signature.slice(0, index) + digit + signature.slice(index + 1)
      const tampered = withParameter(url, 'X-Amz-Signature', other)
      refusal('signature-mismatch', () => verify(toRequest({ method, url: tampered })))
    }
  }
})

test('a signature of another length or alphabet is refused, and nothing breaks', () => {
  for (const signature of [
    '',
    'a',
    'a'.repeat(63),
    'a'.repeat(65),
    'a'.repeat(128),
    'a'.repeat(10_000),
  ]) {
    refusal('signature-malformed', () => verify(changed('X-Amz-Signature', signature)))
  }
  for (const character of ['g', 'A', '%C3%A9', '%00', '+']) {
    const signature = `${presigned.url.slice(-64, -1)}${character}`
    refusal('signature-malformed', () => verify(changed('X-Amz-Signature', signature)))
  }
  refusal('signature-malformed', () =>
    verify(changed('X-Amz-Signature', presigned.url.slice(-64).toUpperCase())),
  )
})

test('a signature by no key, an empty key or another key is refused', () => {
  for (const secretAccessKey of ['another secret', '\0', ' ']) {
    const forged = presign({ credentials: { ...CREDENTIALS, secretAccessKey } })
    refusal('signature-mismatch', () => verify(toRequest(forged)))
  }
  refusal('key-unknown', () => verify(request, { lookup: () => null }))
  refusal('key-invalid', () =>
    verify(request, { lookup: () => ({ ...CREDENTIALS, secretAccessKey: '' }) }),
  )
})

test('the life is a plain decimal number of seconds', () => {
  for (const text of [
    'NaN',
    '1e3',
    '0x10',
    '60.0',
    '60abc',
    '+60',
    '%2B60',
    '%2060',
    '',
    '%EF%BC%96',
    '60%00',
    '9'.repeat(40),
  ]) {
    const { details } = refusal('parameter-malformed', () => verify(changed('X-Amz-Expires', text)))
    assert.equal(details.parameter, 'X-Amz-Expires')
    assert.equal(details.reason, 'should be a number')
  }
  const negative = refusal('parameter-malformed', () => verify(changed('X-Amz-Expires', '-7')))
  assert.equal(negative.details.reason, 'must be non-negative')
  for (const text of ['604801', '9007199254740993', '99999999999999999999']) {
    refusal('expiry-too-long', () => verify(changed('X-Amz-Expires', text)))
  }
  refusal('signature-expired', () => verify(changed('X-Amz-Expires', '0')))
  refusal('expiry-too-long', () => verify(request, { maxExpiresInSeconds: 299 }))
  verify(request, { maxExpiresInSeconds: 300 })
  refusal('expiry-too-long', () =>
    verify(changed('X-Amz-Expires', '604801'), { maxExpiresInSeconds: 9_000_000 }),
  )
})

test('a URL works from a quarter of an hour before its time to the second before its end', () => {
  const at = (seconds: number) => ({ now: new Date(NOW.getTime() + seconds * 1000) })
  verify(request, at(-900))
  verify(request, at(-14 * 60))
  verify(request, at(299.999))
  const early = refusal('signature-not-yet-valid', () => verify(request, at(-16 * 60)))
  assert.deepEqual(early.details.validFrom, NOW)
  assert.deepEqual(early.details.expiresAt, presigned.expiresAt)
  const late = refusal('signature-expired', () => verify(request, at(300)))
  assert.deepEqual(late.details.expiredAt, presigned.expiresAt)
  assert.deepEqual(late.details.signedAt, NOW)
  refusal('signature-not-yet-valid', () => verify(request, { ...at(-10), maxSkewSeconds: 9 }))
})

test('every part of the scope is compared exactly', () => {
  const scope = (text: string) =>
    changed('X-Amz-Credential', `${CREDENTIALS.accessKeyId}%2F${text.replaceAll('/', '%2F')}`)
  const cases: [string, string, string][] = [
    ['20260313/us-east-1/s3/aws4_request', 'date', '20260314'],
    ['2026031/us-east-1/s3/aws4_request', 'date', 'yyyyMMdd'],
    ['20260314/US-EAST-1/s3/aws4_request', 'region', 'us-east-1'],
    ['20260314/us-east-1/s3tables/aws4_request', 'service', 's3'],
    ['20260314/us-east-1/S3/aws4_request', 'service', 's3'],
    ['20260314/us-east-1/s3/aws4_Request', 'terminal', 'aws4_request'],
  ]
  for (const [text, part, expected] of cases) {
    const { details } = refusal('scope-mismatch', () => verify(scope(text)))
    assert.equal(details.part, part)
    assert.equal(details.expected, expected)
  }
  for (const text of [
    '',
    '20260314',
    '20260314/us-east-1/s3',
    'x/20260314/us-east-1/s3/aws4_request',
  ]) {
    refusal('parameter-malformed', () => verify(scope(text)))
  }
  refusal('scope-mismatch', () => verify(request, { region: 'us-east-2' }))
  refusal('scope-mismatch', () => verify(request, { service: 's3tables' }))
})

test('other algorithms, and version 2, are refused by name', () => {
  for (const algorithm of ['aws4-hmac-sha256', 'AWS4-HMAC-SHA1', 'AWS4-ECDSA-P256-SHA256', '']) {
    const { details } = refusal('algorithm-unsupported', () =>
      verify(changed('X-Amz-Algorithm', algorithm)),
    )
    assert.deepEqual(details.supported, ['AWS4-HMAC-SHA256'])
  }
  const version2 = `/reports/a?AWSAccessKeyId=${CREDENTIALS.accessKeyId}&Expires=1&Signature=a`
  const { details } = refusal('algorithm-unsupported', () =>
    verify({ ...request, target: version2 }),
  )
  assert.equal(details.algorithm, 'AWS')
  assert.equal(hasS3Authentication({ ...request, target: version2 }), 'query')
})

test('any one to five of the six parameters are a broken signature, never none', () => {
  const [path = '', query = ''] = request.target.split('?')
  const pieces = query.split('&')
  for (let set = 1; set < 63; set += 1) {
    const kept = pieces.filter((_, index) => (set & (1 << index)) !== 0)
    const partial = { ...request, target: `${path}?${kept.join('&')}` }
    assert.equal(hasS3Authentication(partial), 'query')
    refusal('parameter-missing', () => verify(partial))
  }
  refusal('signature-missing', () => verify({ ...request, target: path }))
  assert.equal(hasS3Authentication({ ...request, target: path }), 'none')
})

test('a parameter that decides anything comes once, in whatever case', () => {
  for (const [name, value] of new URL(presigned.url).searchParams) {
    for (const again of [name, name.toLowerCase(), name.toUpperCase(), name.replace('-', '%2D')]) {
      const target = `${request.target}&${again}=${encodeURIComponent(value)}`
      assert.throws(
        () => verify({ ...request, target }),
        (error: Error & { code?: string }) =>
          error.code === 'parameter-duplicate' || error.code === 'parameter-malformed',
      )
    }
  }
  for (const name of ['response-content-type', 'x-amz-acl', 'X-Amz-Security-Token']) {
    const target = `${request.target}&${name}=a&${name.toUpperCase()}=b`
    refusal('parameter-duplicate', () => verify({ ...request, target }))
  }
})

test('a parameter added, taken away, renamed or repeated is refused', () => {
  const withOverride = presign({ query: { 'response-content-type': 'text/plain', versionId: '1' } })
  const original = toRequest(withOverride)
  assert.equal(verify(original).query.get('versionId'), '1')
  for (const extra of [
    'versionId=1',
    'uploadId=x',
    'acl',
    'tagging',
    'a',
    '=',
    'response-expires=1',
  ]) {
    refusal('signature-mismatch', () =>
      verify({ ...original, target: `${original.target}&${extra}` }),
    )
  }
  for (const [from, to] of [
    ['versionId=1', ''],
    ['versionId', 'versionid'],
    ['text', 'html'],
  ] as const) {
    const target = original.target.replace(from, to)
    refusal('signature-mismatch', () => verify({ ...original, target }))
  }
})

test('order, empty pieces, escapes in other spellings and a plus mean the same query', () => {
  const { url } = presign({ query: { prefix: 'a b/é', 'list-type': '2', empty: '' } })
  const [path = '', query = ''] = toRequest({ method: 'GET', url }).target.split('?')
  const variants = [
    query.split('&').toReversed().join('&'),
    `&${query}&&`,
    query.replace('a%20b', 'a+b'),
    query.replace('%C3%A9', '%c3%a9'),
    query.replace('a%20b%2F', '%61%20b/'),
    query.replace('empty=', 'empty'),
  ]
  for (const variant of variants) {
    const verified = verify({ ...request, target: `${path}?${variant}` })
    assert.equal(verified.query.get('prefix'), 'a b/é')
    assert.equal(verified.query.get('empty'), '')
    assert.equal(verified.query.get('nothing'), null)
    assert.deepEqual(verified.query.pairs.map(([name]) => name).toSorted(), [
      'empty',
      'list-type',
      'prefix',
    ])
  }
})

test('a path is decoded once and never folded', () => {
  const sent = (target: string) => ({
    ...request,
    target: target + presigned.url.slice(presigned.url.indexOf('?')),
  })
  for (const path of [
    '/reports//docs/a%20b.txt',
    '/reports/./docs/a%20b.txt',
    '/reports/docs/a+b.txt',
    '/docs/a%20b.txt',
  ]) {
    refusal('signature-mismatch', () => verify(sent(path)))
  }
  assert.equal(verify(sent('/reports/%64ocs/a%20b.txt')).path, '/reports/docs/a b.txt')
  for (const key of [
    '%2e%2e',
    '%252e%252e',
    '../x',
    './x',
    '/x',
    'a//b',
    'a%2Fb',
    'a+b',
    '..%2f',
  ]) {
    assert.equal(verify(toRequest(presign({ key, foldPath: false }))).path, `/reports/${key}`)
  }
  for (const path of ['/%', '/%c3%28', '/%ed%a0%80']) {
    const { details } = refusal('parameter-malformed', () => verify(sent(path)))
    assert.equal(details.parameter, 'path')
  }
  for (const target of ['', 'reports', 'https://files.example.test/reports', '*', '/\ud800']) {
    refusal('parameter-malformed', () => verify({ ...request, target }))
  }
  refusal('parameter-malformed', () => verify({ ...request, target: `${request.target}&a=%ff` }))
})

test('the method is signed', () => {
  for (const method of ['HEAD', 'PUT', 'POST', 'DELETE', 'get', 'OPTIONS', '']) {
    refusal('signature-mismatch', () => verify({ ...request, method }))
  }
  const headers = [...request.headers, 'X-HTTP-Method-Override', 'DELETE']
  assert.equal(verify({ ...request, headers }).method, 'GET')
})

test('an x-amz- header that was not signed is refused, and ordinary ones are not', () => {
  for (const name of [
    'x-amz-acl',
    'X-AMZ-Meta-A',
    'x-amz-copy-source',
    'x-amz-tagging',
    'Content-MD5',
    'x-amz-date',
  ]) {
    const { details } = refusal('headers-unsigned', () =>
      verify({ ...request, headers: [...request.headers, name, 'x'] }),
    )
    assert.deepEqual(details.names, [name.toLowerCase()])
  }
  verify({
    ...request,
    headers: [...request.headers, 'Range', 'bytes=0-1', 'X-Amzn-Trace-Id', 'a'],
  })
})

test('the list of signed headers is lower case, sorted, without repeats, and has host in it', () => {
  for (const names of [
    '',
    'Host',
    'host;',
    ';host',
    'host;host',
    'host;a',
    'host%3Ba',
    'a%20b;host',
    'host,x',
  ]) {
    refusal('parameter-malformed', () => verify(changed('X-Amz-SignedHeaders', names)))
  }
  const { details } = refusal('headers-unsigned', () =>
    verify({
      ...changed('X-Amz-SignedHeaders', 'range'),
      headers: [...request.headers, 'Range', 'bytes=0-1'],
    }),
  )
  assert.deepEqual(details.names, ['host'])
})

test('a signed header must arrive, once for each time it was signed, with its value', () => {
  const put = presign({
    method: 'PUT',
    headers: { 'Content-Type': 'image/png', 'X-Amz-Meta-A': 'a  b' },
  })
  const arrived = toRequest(put)
  assert.equal(verify(arrived).amz('x-amz-meta-a'), 'a b')
  assert.deepEqual([...verify(arrived).signedHeaders], ['content-type', 'host', 'x-amz-meta-a'])
  const without = arrived.headers.slice(0, -2)
  const missing = refusal('header-missing', () => verify({ ...arrived, headers: without }))
  assert.equal(missing.details.name, 'x-amz-meta-a')
  refusal('signature-mismatch', () =>
    verify({ ...arrived, headers: [...arrived.headers, 'x-amz-meta-a', 'a b'] }),
  )
  refusal('signature-mismatch', () =>
    verify({ ...arrived, headers: [...without, 'x-amz-meta-a', 'other'] }),
  )
  refusal('parameter-malformed', () =>
    verify({ ...arrived, headers: [...without, 'x-amz-meta-a', '\u00ff'] }),
  )
})

test('one host arrives, and it is the signed one', () => {
  refusal('header-missing', () => verify({ ...request, headers: [] }))
  refusal('parameter-duplicate', () =>
    verify({ ...request, headers: ['Host', HOST, 'host', HOST] }),
  )
  refusal('signature-mismatch', () => verify({ ...request, headers: ['Host', `${HOST}:443`] }))
  assert.equal(verify({ ...request, headers: ['hOsT', ` ${HOST} `] }).host, HOST)
})

test('a hoisted header counts, and must not be contradicted by a header', () => {
  const hoisted = presign({
    method: 'PUT',
    query: { 'X-Amz-Meta-A': '1', 'x-amz-tagging': 'a=b' },
    headers: { 'x-amz-tagging': 'a=b' },
  })
  const verified = verify(toRequest(hoisted))
  assert.equal(verified.amz('x-amz-meta-a'), '1')
  assert.equal(verified.amz('x-amz-acl'), null)
  const other = presign({ query: { 'x-amz-tagging': 'a=b' }, headers: { 'x-amz-tagging': 'a=c' } })
  const { details } = refusal('header-conflict', () => verify(toRequest(other)))
  assert.equal(details.name, 'x-amz-tagging')
})

test('a request signed in two ways is refused, and another scheme beside a URL is not looked at', () => {
  const withAuthorization = (value: string) => ({
    ...request,
    headers: [...request.headers, 'Authorization', value],
  })
  for (const value of ['AWS4-HMAC-SHA256 Credential=a', 'AWS a:b', 'AWS4-ECDSA-P256-SHA256 x']) {
    refusal('credentials-ambiguous', () => verify(withAuthorization(value)))
  }
  for (const value of ['Bearer abc', 'Basic YTpi']) {
    assert.equal(verify(withAuthorization(value)).kind, 'query')
    assert.equal(hasS3Authentication(withAuthorization(value)), 'query')
  }
})

test('a session token is that of the key, and none is taken where the key has none', () => {
  const key = { ...CREDENTIALS, sessionToken: 'a/token+with=signs' }
  const temporary = toRequest(presign({ credentials: key }))
  assert.equal(verify(temporary, { lookup: () => key }).key, key)
  refusal('token-invalid', () => verify(temporary))
  refusal('token-invalid', () => verify(request, { lookup: () => key }))
  refusal('token-invalid', () =>
    verify(temporary, { lookup: () => ({ ...key, sessionToken: 'a/token+with=sign' }) }),
  )
  const named = refusal('token-invalid', () => verify(temporary))
  assert.ok(!JSON.stringify(named.details).includes('a/token'))
})

test('whoever looks a key up is told the token that came with it, before it is compared', () => {
  const key = { ...CREDENTIALS, sessionToken: 'a/token+with=signs' }
  const asked: (readonly [string, string | null])[] = []
  const lookup = (id: string, token: string | null) => {
    asked.push([id, token])
    return { ...CREDENTIALS, ...(token !== null && { sessionToken: token }) }
  }
  const { sessionToken } = verify(toRequest(presign({ credentials: key })), { lookup }).key
  assert.equal(sessionToken, key.sessionToken)
  verify(request, { lookup })
  assert.deepEqual(asked, [
    [key.accessKeyId, key.sessionToken],
    [CREDENTIALS.accessKeyId, null],
  ])
})

test('the hash of the body is read from the header or the query, and has to be one', () => {
  const put = (options: Parameters<typeof presign>[0]) =>
    toRequest(presign({ method: 'PUT', ...options }))
  const sha256 = '0'.repeat(64)
  const query = { 'X-Amz-Content-Sha256': sha256 }
  assert.deepEqual(verify(put({ query })).payload, { kind: 'sha256', sha256 })
  assert.equal(
    verify(put({ query: { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' } })).payload.kind,
    'unsigned',
  )
  const unsigned = put({})
  refusal('signature-mismatch', () =>
    verify({ ...unsigned, headers: [...unsigned.headers, 'x-amz-content-sha256', sha256] }),
  )
  for (const payloadHash of ['nonsense', 'A'.repeat(64), '', 'STREAMING-X']) {
    refusal('parameter-malformed', () =>
      verify(put({ headers: { 'x-amz-content-sha256': payloadHash } })),
    )
  }
})

test('what a server shows for a wrong signature holds neither secret nor the right signature', () => {
  const { details } = refusal('signature-mismatch', () => verify({ ...request, method: 'PUT' }))
  assert.match(details.canonicalRequest ?? '', /^PUT\n\/reports\/docs\/a%20b.txt\nX-Amz-Algorithm=/)
  assert.match(details.stringToSign ?? '', /^AWS4-HMAC-SHA256\n20260314T092653Z\n/)
  const right = presign({ method: 'PUT' }).url.slice(-64)
  assert.ok(!JSON.stringify(details).includes(right))
  assert.ok(!JSON.stringify(details).includes(CREDENTIALS.secretAccessKey))
})

test('a credential that was right once does not help another request', () => {
  verify(request)
  const { url } = presign({ key: 'other' })
  const mixed = withParameter(url, 'X-Amz-Signature', presigned.url.slice(-64))
  refusal('signature-mismatch', () => verify(toRequest({ method: 'GET', url: mixed })))
  refusal('key-unknown', () => verify(request, { lookup: () => null }))
  refusal('signature-mismatch', () =>
    verify(request, { lookup: () => ({ ...CREDENTIALS, secretAccessKey: 'rotated' }) }),
  )
})

test('the key that a request claims can be read first', () => {
  assert.deepEqual(decodeS3Credential(request), {
    form: 'query',
    algorithm: 'AWS4-HMAC-SHA256',
    accessKeyId: CREDENTIALS.accessKeyId,
    day: '20260314',
    region: REGION,
    service: 's3',
  })
  for (const target of ['/a', '/a?X-Amz-Credential=x', '/a?X-Amz-Credential=%ff', '/a?x=%']) {
    assert.equal(decodeS3Credential({ target, headers: [] }), null)
  }
})

test('a presigned request of an SDK with its own parameters is verified', () => {
  const { url } = presignS3({
    method: 'GET',
    bucket: 'reports',
    key: 'a',
    endpoint: `https://${HOST}`,
    region: REGION,
    credentials: CREDENTIALS,
    expiresInSeconds: 60,
    now: NOW,
    query: {
      'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
      'x-amz-checksum-mode': 'ENABLED',
      'x-id': 'GetObject',
    },
  })
  const verified = verify(toRequest({ method: 'GET', url }))
  assert.equal(verified.query.get('x-id'), 'GetObject')
  assert.ok(verified.query.has('x-amz-checksum-mode'))
})
