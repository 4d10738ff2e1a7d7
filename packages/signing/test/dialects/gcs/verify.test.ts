import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { presignGcs, verifyGcs } from '../../../src/gcs.ts'
import { isSigningError } from '../../../src/errors.ts'
import type { SigningErrorCode } from '../../../src/errors.ts'
import { pemOf, requestOf } from '../cloud-support.ts'
import { HMAC_KEY, RSA_KEY, lookup } from './test-keys.ts'

const NOW = new Date('2026-03-14T09:27:53Z')
const OPTIONS = { lookup, now: NOW }
const BASE = {
  key: HMAC_KEY,
  method: 'GET',
  bucket: 'hallpass-test',
  object: 'docs/a b.txt',
  expiresInSeconds: 600,
  now: NOW,
}

function refused(run: () => unknown, code: SigningErrorCode, what = ''): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(isSigningError(error), `${what}: ${String(error)}`)
    assert.equal(error.code, code, what)
    return true
  })
}

describe('Google Cloud Storage verifying', () => {
  test('the port of the host is not signed, the host is', () => {
    const { url } = presignGcs({ ...BASE, endpoint: 'http://localhost:8080' })
    const request = requestOf(url)
    assert.ok(verifyGcs(request, OPTIONS))
    assert.ok(verifyGcs({ ...request, headers: ['Host', 'localhost'] }, OPTIONS))
    assert.ok(verifyGcs({ ...request, headers: ['Host', 'localhost:1'] }, OPTIONS))
    refused(
      () => verifyGcs({ ...request, headers: ['Host', 'other:8080'] }, OPTIONS),
      'signature-mismatch',
    )
    refused(() => verifyGcs({ ...request, headers: [] }, OPTIONS), 'header-missing')
    refused(
      () => verifyGcs({ ...request, headers: ['Host', 'localhost', 'host', 'localhost'] }, OPTIONS),
      'parameter-duplicate',
    )
  })

  test('time: the last moment is in, the next is out, and a signer may be ahead by a quarter of an hour', () => {
    const request = requestOf(presignGcs(BASE).url)
    const at = (milliseconds: number) => (): unknown =>
      verifyGcs(request, { lookup, now: new Date(NOW.getTime() + milliseconds) })
    assert.ok(at(600_000)())
    refused(at(600_001), 'signature-expired')
    assert.ok(at(-900_000)())
    refused(at(-900_001), 'signature-not-yet-valid')
  })

  test('what is missing, doubled, disguised or malformed has its own code', () => {
    const { url } = presignGcs(BASE)
    const cases: [string, SigningErrorCode][] = [
      ['https://storage.googleapis.com/b/o', 'signature-missing'],
      ...['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature'].map(
        (name): [string, SigningErrorCode] => [
          url.replace(new RegExp(`[?&]X-Goog-${name}=[^&]*`), (text) => text.slice(0, 1)),
          'parameter-missing',
        ],
      ),
      [`${url}&X-Goog-Expires=600`, 'parameter-duplicate'],
      [`${url}&x-goog-expires=600`, 'parameter-malformed'],
      [`${url}&X%2DGoog-Expires=600`, 'parameter-malformed'],
      [`${url}&response-content-type=a&Response-Content-Type=b`, 'parameter-duplicate'],
      [`${url}&x=%ff`, 'parameter-malformed'],
      [`${url}&generation=1`, 'signature-mismatch'],
      [url.replace('GOOG4-HMAC-SHA256', 'goog4-hmac-sha256'), 'algorithm-unsupported'],
      [url.replace('GOOG4-HMAC-SHA256', 'AWS4-HMAC-SHA256'), 'algorithm-unsupported'],
      [url.replace('GOOG4-HMAC-SHA256', 'GOOG4-RSA-SHA256'), 'algorithm-unsupported'],
      [url.replace('Date=20260314T', 'Date=20260315T'), 'scope-mismatch'],
      [url.replace('Date=20260314T092753Z', 'Date=2026-03-14'), 'parameter-malformed'],
      [url.replace('%2Fstorage%2F', '%2Fs3%2F'), 'scope-mismatch'],
      [url.replace('goog4_request', 'aws4_request'), 'scope-mismatch'],
      [url.replace('%2Fauto%2F', '%2F%2F'), 'parameter-malformed'],
      [url.replace('%2Fauto%2F', '%2Feu%0Aa%2F'), 'parameter-malformed'],
      [url.replace('%2Fauto%2F', '%2Feu%2F'), 'signature-mismatch'],
      [url.replace('%2Fauto', ''), 'parameter-malformed'],
      [url.replace('GOOGHALLPASS', 'GOOGOTHER'), 'key-unknown'],
      ...['NaN', '1e3', '0x10', '60.0', '%2B60', '-1', '0', '060', '', '%EF%BC%91'].map(
        (text): [string, SigningErrorCode] => [
          url.replace('Expires=600', `Expires=${text}`),
          'parameter-malformed',
        ],
      ),
      [url.replace('Expires=600', 'Expires=604801'), 'expiry-too-long'],
      [url.replace('Expires=600', 'Expires=601'), 'signature-mismatch'],
      [url.replace('SignedHeaders=host', 'SignedHeaders=Host'), 'parameter-malformed'],
      [url.replace('SignedHeaders=host', 'SignedHeaders=host%3Bhost'), 'parameter-malformed'],
      [url.replace('SignedHeaders=host', 'SignedHeaders=host%3Baccept'), 'parameter-malformed'],
      [url.replace('SignedHeaders=host', 'SignedHeaders='), 'parameter-malformed'],
      [url.replace('SignedHeaders=host', 'SignedHeaders=accept'), 'headers-unsigned'],
      [url.replace('SignedHeaders=host', 'SignedHeaders=accept%3Bhost'), 'header-missing'],
      ...[
        '',
        'a',
        'ab',
        '0'.repeat(63),
        '0'.repeat(65),
        'g'.repeat(64),
        'A'.repeat(64),
        '0'.repeat(10_000),
      ].map((text): [string, SigningErrorCode] => [
        url.replace(/Signature=[0-9a-f]+/, `Signature=${text}`),
        'signature-malformed',
      ]),
      [url.replace('/docs/a%20b', '/docs/%zz'), 'parameter-malformed'],
      [url.replace('/docs/', '//docs/'), 'signature-mismatch'],
      [url.replace('/docs/', '/./docs/'), 'signature-mismatch'],
    ]
    for (const [text, code] of cases) {
      refused(() => verifyGcs(requestOf(text), OPTIONS), code, text.slice(50, 130))
    }
  })

  test('an escape spelled otherwise and a shuffled query are the same request', () => {
    const { url } = presignGcs(BASE)
    assert.ok(verifyGcs(requestOf(url.replace('a%20b', '%61%20b')), OPTIONS))
    assert.ok(verifyGcs(requestOf(url.replace('HMAC', '%48MAC')), OPTIONS))
    const [path = '', query = ''] = url.split('?')
    assert.ok(verifyGcs(requestOf(`${path}?${query.split('&').toReversed().join('&')}`), OPTIONS))
    assert.ok(verifyGcs(requestOf(`${path}?&${query}&`), OPTIONS))
  })

  test('headers with a meaning must be signed and alone', () => {
    const { url } = presignGcs({
      ...BASE,
      method: 'PUT',
      headers: { 'x-goog-meta-a': '1' },
      query: { 'X-Goog-Acl': 'private' },
    })
    const send = (...extraHeaders: string[]): unknown =>
      verifyGcs(requestOf(url, { method: 'PUT', extraHeaders }), OPTIONS)
    assert.ok(send('X-Goog-Meta-A', '1'))
    assert.ok(
      send(
        'X-Goog-Meta-A',
        ' 1 ',
        'Range',
        'bytes=0-',
        'x-goog-api-client',
        'gl-node/24',
        'Authorization',
        'Bearer x',
      ),
    )
    refused(() => send(), 'header-missing')
    refused(() => send('x-goog-meta-a', '2'), 'signature-mismatch')
    refused(() => send('x-goog-meta-a', '1', 'x-goog-meta-a', '1'), 'signature-mismatch')
    refused(() => send('x-goog-meta-a', '1', 'X-Goog-Acl', 'public-read'), 'headers-unsigned')
    refused(() => send('x-goog-meta-a', '1', 'x-goog-copy-source', 'b/o'), 'headers-unsigned')
    refused(
      () => send('x-goog-meta-a', '1', 'Authorization', 'GOOG4-RSA-SHA256 Credential=x'),
      'credentials-ambiguous',
    )
    const twice = presignGcs({
      ...BASE,
      headers: { 'x-goog-a': '1' },
      query: { 'x-goog-a': '2' },
    }).url
    refused(
      () => verifyGcs(requestOf(twice, { extraHeaders: ['x-goog-a', '1'] }), OPTIONS),
      'header-conflict',
    )
  })

  test('a bound body is handed back and compared', () => {
    const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
    const { url, headers } = presignGcs({
      ...BASE,
      method: 'PUT',
      headers: { 'x-goog-content-sha256': hash },
    })
    const request = requestOf(url, { method: 'PUT', extraHeaders: Object.entries(headers).flat() })
    assert.equal(verifyGcs(request, OPTIONS).payloadHash, hash)
    assert.ok(verifyGcs(request, { ...OPTIONS, bodySha256: hash.toUpperCase() }))
    refused(
      () => verifyGcs(request, { ...OPTIONS, bodySha256: hash.replace('9', '8') }),
      'payload-mismatch',
    )
    const open = requestOf(presignGcs(BASE).url)
    assert.equal(verifyGcs(open, { ...OPTIONS, bodySha256: hash }).payloadHash, null)
  })

  test('the key decides the algorithm, and one kind of key never stands for the other', () => {
    const rsa = requestOf(presignGcs({ ...BASE, key: RSA_KEY }).url)
    const publicKey = pemOf('hallpass-test-rsa-1').public
    assert.ok(verifyGcs(rsa, { ...OPTIONS, lookup: () => ({ publicKey }) }))
    refused(
      () => verifyGcs(rsa, { ...OPTIONS, lookup: () => ({ secret: publicKey }) }),
      'algorithm-unsupported',
    )
    const hmacWithPublicKey = requestOf(
      presignGcs({ ...BASE, key: { accessId: 'GOOG1', secret: publicKey } }).url,
    )
    refused(
      () => verifyGcs(hmacWithPublicKey, { ...OPTIONS, lookup: () => ({ publicKey }) }),
      'algorithm-unsupported',
    )
    refused(
      () =>
        verifyGcs(rsa, {
          ...OPTIONS,
          lookup: () => ({ publicKey: pemOf('hallpass-test-rsa-2').public }),
        }),
      'signature-mismatch',
    )
    refused(
      () =>
        verifyGcs(requestOf(presignGcs(BASE).url), {
          ...OPTIONS,
          lookup: () => ({ secret: 'another secret of some length' }),
        }),
      'signature-mismatch',
    )
    assert.throws(
      () =>
        verifyGcs(requestOf(presignGcs(BASE).url), { ...OPTIONS, lookup: () => ({ secret: '' }) }),
      TypeError,
    )
  })

  test('a location is compared when one is asked for', () => {
    const request = requestOf(presignGcs({ ...BASE, location: 'europe-west1' }).url)
    assert.equal(verifyGcs(request, OPTIONS).location, 'europe-west1')
    assert.ok(verifyGcs(request, { ...OPTIONS, location: 'europe-west1' }))
    refused(() => verifyGcs(request, { ...OPTIONS, location: 'us' }), 'scope-mismatch')
  })
})
