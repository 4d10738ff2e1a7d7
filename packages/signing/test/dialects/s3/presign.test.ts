import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createS3AsyncSigner, createS3Signer, presignS3, signS3Headers } from '../../../src/s3.ts'
import { CREDENTIALS, HOST, NOW, presign, toRequest, verify } from './support.ts'

test('what is presigned is verified, whatever the key, the query and the headers', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  const names = fc.stringMatching(/^[a-w][a-z-]{0,12}$/)
  const values = fc.stringMatching(/^[ -~]{0,20}$/)
  fc.assert(
    fc.property(
      // Dot segments are refused.
      text.filter((key) => !key.split('/').some((part) => part === '.' || part === '..')),
      fc.dictionary(
        text.filter((name) => !/^(?:x-amz-|response-)/i.test(name)),
        text,
      ),
      fc.dictionary(
        names.filter((name) => !['host', 'authorization', 'connection'].includes(name)),
        values,
      ),
      fc.integer({ min: 1, max: 604_800 }),
      (key, query, headers, expiresInSeconds) => {
        const presigned = presign({ key, query, headers, expiresInSeconds })
        const verified = verify(toRequest(presigned))
        assert.equal(verified.kind, 'query')
        assert.equal(verified.path, `/reports/${key}`)
        assert.equal(verified.accessKeyId, CREDENTIALS.accessKeyId)
        assert.deepEqual(verified.expiresAt, presigned.expiresAt)
        assert.equal(verified.expiresInSeconds, expiresInSeconds)
        for (const [name, value] of Object.entries(query)) {
          assert.equal(verified.query.get(name), value)
        }
        assert.deepEqual([...verified.signedHeaders], ['host', ...Object.keys(headers)].toSorted())
      },
    ),
    { numRuns: 200 },
  )
})

test('a URL lives exactly as long as asked, from the second it was signed in', () => {
  const { expiresAt, url } = presign({ now: new Date(NOW.getTime() + 999), expiresInSeconds: 10 })
  assert.equal(expiresAt.toISOString(), '2026-03-14T09:27:03.000Z')
  assert.match(url, /X-Amz-Date=20260314T092653Z&X-Amz-Expires=10&/)
})

test('nothing is added that was not asked for', () => {
  const names = new URL(presign({ method: 'PUT' }).url).searchParams.keys()
  assert.deepEqual(
    [...names],
    [
      'X-Amz-Algorithm',
      'X-Amz-Credential',
      'X-Amz-Date',
      'X-Amz-Expires',
      'X-Amz-SignedHeaders',
      'X-Amz-Signature',
    ],
  )
})

test('the bucket stands where its endpoint wants it', () => {
  const at = (options: Parameters<typeof presign>[0]): string =>
    presign({ key: 'k', ...options }).url.split('?')[0] ?? ''
  assert.equal(at({ endpoint: undefined }), 'https://reports.s3.us-east-1.amazonaws.com/k')
  assert.equal(
    at({ endpoint: undefined, region: 'cn-north-1' }),
    'https://reports.s3.cn-north-1.amazonaws.com.cn/k',
  )
  assert.equal(
    at({ endpoint: undefined, bucket: 'files.example' }),
    'https://s3.us-east-1.amazonaws.com/files.example/k',
  )
  assert.equal(at({}), `https://${HOST}/reports/k`)
  assert.equal(at({ addressing: 'virtual' }), `https://reports.${HOST}/k`)
  assert.equal(at({ bucket: undefined }), `https://${HOST}/k`)
  assert.equal(at({ key: null }), `https://${HOST}/reports/`)
  assert.equal(at({ endpoint: 'http://localhost:9000' }), 'http://localhost:9000/reports/k')
  assert.equal(at({ endpoint: 'https://a.test:443' }), 'https://a.test/reports/k')
  assert.equal(at({ endpoint: 'http://a.test:443' }), 'http://a.test:443/reports/k')
  assert.equal(at({ endpoint: 'https://a.test/b/c/' }), 'https://a.test/b/c/reports/k')
  assert.equal(at({ endpoint: 'http://[::1]:9000' }), 'http://[::1]:9000/reports/k')
})

test('a key that was forgotten signs nothing, and null signs for the bucket', () => {
  const service = { credentials: CREDENTIALS, region: 'eu-west-1' }
  const signer = createS3Signer(service)
  const refused = {
    name: 'TypeError',
    message: 'key is missing: a name, or null for the bucket itself',
  }
  for (const method of ['GET', 'PUT', 'DELETE']) {
    for (const forgotten of [{}, { key: undefined }, { key: '' }]) {
      const asked = { bucket: 'reports', method, ...forgotten }
      const timed = { ...asked, expiresInSeconds: 60 }
      assert.throws(() => presignS3({ ...service, ...timed } as never), refused)
      assert.throws(() => signer.sign(timed as never), refused)
      assert.throws(() => signer.sign({ ...timed, filename: 'a' } as never), refused)
      assert.throws(() => signS3Headers({ ...service, ...asked } as never), refused)
    }
  }
  const listing = { bucket: 'reports', method: 'GET', expiresInSeconds: 60 }
  // @ts-expect-error The compiler says it too.
  assert.throws(() => signer.sign(listing), refused)
  const { url } = signer.sign({ ...listing, key: null, query: { 'list-type': '2' } })
  assert.ok(url.startsWith('https://reports.s3.eu-west-1.amazonaws.com/?X-Amz-'), url)
})

test('a payload hash travels as a signed header', () => {
  const payloadHash = 'a'.repeat(64)
  const presigned = presign({ method: 'PUT', payloadHash })
  assert.deepEqual({ ...presigned.headers }, { 'x-amz-content-sha256': payloadHash })
  assert.deepEqual(verify(toRequest(presigned)).payload, { kind: 'sha256', sha256: payloadHash })
  assert.throws(
    () => presign({ payloadHash, headers: { 'X-Amz-Content-Sha256': 'b'.repeat(64) } }),
    /payloadHash/,
  )
})

test('an option that cannot be used is named', () => {
  const cases: [RegExp, Parameters<typeof presign>[0]][] = [
    [/^expiresInSeconds/, { expiresInSeconds: 0 }],
    [/^expiresInSeconds/, { expiresInSeconds: 604_801 }],
    [/^expiresInSeconds/, { expiresInSeconds: 1.5 }],
    [/^expiresInSeconds/, { expiresInSeconds: Number.NaN }],
    [/^method/, { method: 'get' }],
    [/^method/, { method: 'GET\n' }],
    [/^key/, { key: '' }],
    [/^key/, { key: '\ud800' }],
    [/^bucket/, { bucket: null as never }],
    [/^bucket/, { bucket: 'a/b' }],
    [/^bucket/, { bucket: 'evil.test/', addressing: 'virtual' }],
    [/^bucket/, { bucket: 'A_b', addressing: 'virtual' }],
    [/^endpoint/, { endpoint: 'https://user@host' }],
    [/^endpoint/, { endpoint: 'https://host?x' }],
    [/^endpoint/, { endpoint: 'ftp://host' }],
    [/^endpoint/, { endpoint: 'https://host/%zz' }],
    [/^region/, { region: 'us/east' }],
    [/^region/, { region: 'us east', endpoint: undefined }],
    [/^service/, { service: 's3/x' }],
    [/^credentials.accessKeyId/, { credentials: { ...CREDENTIALS, accessKeyId: 'a/b' } }],
    [/^credentials.secretAccessKey/, { credentials: { ...CREDENTIALS, secretAccessKey: '' } }],
    [/^credentials.sessionToken/, { credentials: { ...CREDENTIALS, sessionToken: '' } }],
    [/^query/, { query: { 'X-Amz-Expires': '9' } }],
    [/^query/, { query: { 'x-amz-signature': '9' } }],
    [/^query/, { query: { a: '\udfff' } }],
    [/^headers/, { headers: { host: 'other' } }],
    [/^headers/, { headers: { 'x-a': 'a\r\nb: c' } }],
    [/^headers/, { headers: { 'x-a': 'é' } }],
    [/^headers/, { headers: { 'x a': 'b' } }],
    [/^now/, { now: new Date(Number.NaN) }],
  ]
  for (const [message, options] of cases) {
    assert.throws(() => presign(options), { message })
    assert.throws(
      () => presign(options),
      (error) => error instanceof TypeError || error instanceof RangeError,
    )
  }
})

test('the key that signed last does not sign for the next one', () => {
  const one = presign({}).url
  const other = presign({ credentials: { ...CREDENTIALS, secretAccessKey: 'another' } }).url
  const session = presign({ credentials: { ...CREDENTIALS, sessionToken: 'token' } }).url
  assert.equal(new Set([one, other, session].map((url) => url.slice(-64))).size, 3)
  assert.equal(presign({}).url, one)
})

test('credentials that the caller changes in place are seen', () => {
  const credentials = { ...CREDENTIALS }
  const before = presign({ credentials }).url
  credentials.secretAccessKey = 'rotated'
  assert.notEqual(presign({ credentials }).url, before)
})

test('a key without a bucket is refused at hosts where its first segment would be one', () => {
  const service = { credentials: CREDENTIALS, region: 'eu-west-1' }
  const request = { method: 'GET', now: NOW, expiresInSeconds: 60 }
  const asked = { ...service, ...request }
  const refused = { name: 'TypeError', message: 'bucket is missing' }
  for (const host of [
    undefined,
    's3.amazonaws.com',
    's3.eu-west-1.amazonaws.com',
    's3-eu-west-1.amazonaws.com',
    's3.dualstack.eu-west-1.amazonaws.com',
    's3-fips.us-east-1.amazonaws.com',
    's3-accelerate.amazonaws.com',
    's3.cn-north-1.amazonaws.com.cn',
  ]) {
    const endpoint = host && `https://${host}`
    for (const place of [{ key: 'reports/a' }, { key: 'reports/a', bucket: undefined }]) {
      assert.throws(() => presignS3({ ...asked, ...place, endpoint }), refused, host)
      const signer = createS3Signer({ ...service, endpoint })
      assert.throws(() => signer.sign({ ...request, ...place }), refused, host)
      const { expiresInSeconds: _, ...signed } = asked
      assert.throws(() => signS3Headers({ ...signed, ...place, endpoint }), refused, host)
    }
    assert.match(
      presignS3({ ...asked, key: null, endpoint }).url,
      /\/\?X-Amz-/,
      'the service itself',
    )
  }
  for (const host of [
    'reports.s3.eu-west-1.amazonaws.com',
    's3-reports.s3.eu-west-1.amazonaws.com',
    's3-reports.s3-accelerate.amazonaws.com',
    's3.example.test',
  ]) {
    const { url } = presignS3({ ...asked, endpoint: `https://${host}`, key: 'a/b' })
    assert.ok(url.startsWith(`https://${host}/a/b?`), url)
  }
})

test('a signer and its three kinds of request refuse what belongs to the other', async () => {
  const service = { credentials: CREDENTIALS, region: 'eu-west-1', endpoint: `https://${HOST}` }
  for (const [name, value] of [
    ['bucket', 'reports'],
    ['expiresInSeconds', 60],
    ['conditions', []],
    ['payloadHash', 'UNSIGNED-PAYLOAD'],
  ] as const) {
    const message = `options must not hold ${name}: give it to sign, with each request`
    const refused = { name: 'TypeError', message }
    assert.throws(() => createS3Signer({ ...service, [name]: value }), refused)
    assert.throws(() => createS3AsyncSigner({ ...service, [name]: value }), refused)
  }
  const message = 'options must not hold region: give it to the signer, when that is made'
  const refused = { name: 'TypeError', message }
  const place = { bucket: 'reports', key: 'a', region: 'us-east-1' }
  const life = { expiresInSeconds: 60 }
  const { createPostPolicy, sign, signHeaders } = createS3Signer(service)
  assert.throws(() => sign({ ...place, ...life, method: 'GET' }), refused)
  assert.throws(() => signHeaders({ ...place, method: 'GET' }), refused)
  assert.throws(() => createPostPolicy({ ...place, ...life }), refused)
  const waiting = createS3AsyncSigner(service)
  await assert.rejects(waiting.sign({ ...place, ...life, method: 'GET' }), refused)
  await assert.rejects(waiting.signHeaders({ ...place, method: 'GET' }), refused)
  await assert.rejects(waiting.createPostPolicy({ ...place, ...life }), refused)
})

test('the names of Amazon’s SDKs are refused, and do not sign for the whole service', () => {
  const named = {
    credentials: CREDENTIALS,
    region: 'eu-west-1',
    method: 'GET',
    expiresInSeconds: 60,
  }
  const message = /^options must not hold (?:Key: known are key|Bucket: known are bucket)$/
  for (const options of [
    { ...named, Bucket: 'reports', Key: 'a' },
    { ...named, bucket: 'reports', Key: 'a' },
  ]) {
    assert.throws(() => presignS3(options as never), {
      name: 'TypeError',
      message,
    })
  }
  const { sign } = createS3Signer({ credentials: CREDENTIALS, region: 'eu-west-1' })
  const request = { method: 'GET', bucket: 'reports', Key: 'a', expiresInSeconds: 60 }
  assert.throws(() => sign(request as never), { name: 'TypeError', message })
})
