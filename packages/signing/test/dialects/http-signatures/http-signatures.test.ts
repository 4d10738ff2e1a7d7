import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { suite, test } from 'node:test'
import {
  createHttpSigner,
  formatContentDigest,
  matchesContentDigest,
  signHttpRequest,
  verifyHttpRequest,
} from '../../../src/http-signatures.ts'
import type {
  HttpSignatureOptions,
  HttpVerificationKey,
  SignedHttpHeaders,
  VerifyHttpOptions,
} from '../../../src/http-signatures.ts'
import { explain } from '../../../src/explain.ts'
import type { RawRequest } from '../../../src/types.ts'
import { assertRefused } from '../cdn-support.ts'

/** The request of [RFC9421 B.2], and its keys [RFC9421 B.1]. */
const REQUEST: RawRequest = {
  method: 'POST',
  target: '/foo?param=Value&Pet=dog',
  headers: [
    'Host',
    'example.com',
    'Date',
    'Tue, 20 Apr 2021 02:07:55 GMT',
    'Content-Type',
    'application/json',
    'Content-Digest',
    'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
    'Content-Length',
    '18',
  ],
}
const BODY = '{"hello": "world"}'
const SECRET = Buffer.from(
  'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
  'base64',
)
const ED25519 = {
  publicKey: `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`,
  privateKey: `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----`,
}
const CREATED = 1_618_884_473
const now = new Date(CREATED * 1000)

function withHeaders(signed: SignedHttpHeaders | Readonly<Record<string, string>>): RawRequest {
  return { ...REQUEST, headers: [...REQUEST.headers, ...Object.entries(signed).flat()] }
}

const hmac: HttpVerificationKey = { algorithm: 'hmac-sha256', secret: SECRET }

suite('the samples of the specification', () => {
  const samples: readonly (readonly [string, string, string, HttpVerificationKey])[] = [
    [
      'hmac-sha256',
      'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
      'sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:',
      hmac,
    ],
    [
      'ed25519',
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
      'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
      { publicKey: ED25519.publicKey },
    ],
  ]
  for (const [name, input, signature, key] of samples) {
    test(`${name} verifies, and no longer after any change`, () => {
      const options: VerifyHttpOptions = { now, lookup: () => key, required: ['@authority'] }
      const headers = { 'Signature-Input': input, Signature: signature }
      const { keyId, createdAt } = verifyHttpRequest(withHeaders(headers), options)
      assert.equal(createdAt.getTime(), now.getTime())
      assert.ok(input.includes(keyId))
      const changes: Readonly<Record<string, string>>[] = [
        { 'Signature-Input': input.replace('1618884473', '1618884474') },
        { 'Signature-Input': input.replace('"date" ', '') },
        { Signature: signature.replace(/:.{4}/, ':AAAA') },
      ]
      for (const change of changes) {
        const request = withHeaders({ ...headers, ...change })
        assertRefused(() => verifyHttpRequest(request, options), 'signature-mismatch')
      }
      const moved = withHeaders(headers)
      const other = { ...moved, headers: moved.headers.with(1, 'example.org') }
      assertRefused(() => verifyHttpRequest(other, options), 'signature-mismatch')
    })
  }

  test('the digest of the body is the one printed there', () => {
    const digest = REQUEST.headers[7] ?? ''
    assert.equal(formatContentDigest(BODY, 'sha-512'), digest)
    assert.ok(matchesContentDigest(digest, BODY))
    assert.ok(!matchesContentDigest(digest, `${BODY} `))
    assert.ok(matchesContentDigest(`${formatContentDigest(BODY)}, ${digest}`, BODY))
    assert.ok(!matchesContentDigest('md5=:AAAA:', BODY))
  })
})

const COMPONENTS = ['@method', '@authority', '@path', '@query', 'content-digest']
const life: HttpSignatureOptions = { components: COMPONENTS, expiresInSeconds: 60, now }

test('whatever is signed verifies, with every algorithm', () => {
  const pair = (type: 'ec' | 'rsa'): { publicKey: string; privateKey: string } => {
    const publicKeyEncoding = { type: 'spki', format: 'pem' } as const
    const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const
    return type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding })
      : generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding })
  }
  for (const keys of [ED25519, pair('ec'), pair('rsa'), null]) {
    const { privateKey = '', publicKey = '' } = keys ?? {}
    const signed = signHttpRequest(REQUEST, {
      ...life,
      key: keys === null ? { algorithm: 'hmac-sha256', secret: 'text' } : { privateKey },
      keyId: 'k1',
      nonce: 'n1',
      tag: 'app',
      showsAlgorithm: true,
    })
    const key: HttpVerificationKey =
      keys === null ? { algorithm: 'hmac-sha256', secret: 'text' } : { publicKey }
    const verified = verifyHttpRequest(withHeaders(signed), { now, lookup: () => key, tag: 'app' })
    assert.deepEqual(verified, {
      keyId: 'k1',
      label: 'sig1',
      components: COMPONENTS,
      createdAt: now,
      expiresAt: new Date((CREATED + 60) * 1000),
      nonce: 'n1',
      tag: 'app',
    })
  }
})

suite('refused', () => {
  const signer = createHttpSigner({
    key: { algorithm: 'hmac-sha256', secret: SECRET },
    keyId: 'k1',
    now,
  })
  const signed = signer.sign(REQUEST, life)
  const request = withHeaders(signed)
  const options: VerifyHttpOptions = { now, lookup: () => hmac }

  test('too old, from the future, after its end', () => {
    verifyHttpRequest(request, options)
    const at = (seconds: number): VerifyHttpOptions => ({
      ...options,
      now: new Date((CREATED + seconds) * 1000),
    })
    verifyHttpRequest(request, at(60))
    assertRefused(() => verifyHttpRequest(request, at(61)), 'signature-expired')
    assertRefused(
      () => verifyHttpRequest(request, { ...at(11), maxAgeSeconds: 10 }),
      'signature-expired',
    )
    assertRefused(() => verifyHttpRequest(request, at(-31)), 'signature-not-yet-valid')
  })

  test('a signature that covers less than it must', () => {
    const bare = withHeaders(signer.sign(REQUEST, { ...life, components: ['@method', 'date'] }))
    assertRefused(() => verifyHttpRequest(bare, options), 'headers-unsigned')
    verifyHttpRequest(bare, { ...options, required: ['@method'] })
    const whole = withHeaders(
      signer.sign(REQUEST, { ...life, components: ['@method', '@target-uri'] }),
    )
    verifyHttpRequest(whole, options)
  })

  test('another key, an unknown key, another algorithm', () => {
    const other: HttpVerificationKey = { algorithm: 'hmac-sha256', secret: 'other' }
    assertRefused(
      () => verifyHttpRequest(request, { ...options, lookup: () => other }),
      'signature-mismatch',
    )
    assertRefused(
      () => verifyHttpRequest(request, { ...options, lookup: () => null }),
      'key-unknown',
    )
    const named = withHeaders(signer.sign(REQUEST, { ...life, showsAlgorithm: true }))
    const wrong = { ...options, lookup: () => ({ publicKey: ED25519.publicKey }) }
    assertRefused(() => verifyHttpRequest(named, wrong), 'algorithm-unsupported')
  })

  test('several signatures, unless it is said which one counts', () => {
    const second = signer.sign(REQUEST, { ...life, label: 'proxy', tag: 'edge' })
    const both = withHeaders({
      'signature-input': `${signed['signature-input']}, ${second['signature-input']}`,
      signature: `${signed.signature}, ${second.signature}`,
    })
    assertRefused(() => verifyHttpRequest(both, options), 'parameter-malformed')
    assert.equal(verifyHttpRequest(both, { ...options, label: 'sig1' }).label, 'sig1')
    assert.equal(verifyHttpRequest(both, { ...options, tag: 'edge' }).label, 'proxy')
    assertRefused(() => verifyHttpRequest(both, { ...options, label: 'x' }), 'signature-missing')
  })

  test('text that is not as a serializer writes it, components with parameters, doubled ones', () => {
    const input = signed['signature-input']
    for (const text of [
      input.replace('" "', '"  "'),
      input.replace('"@path"', '"@path";req'),
      input.replace('"@path"', '"@method"'),
      input.replace('"@path"', '"@status"'),
      `${input};created=1`,
      'sig1=x',
    ]) {
      const changed = withHeaders({ 'signature-input': text, signature: signed.signature })
      assertRefused(() => verifyHttpRequest(changed, options), 'parameter-malformed', text)
    }
    assertRefused(() => verifyHttpRequest(REQUEST, options), 'signature-missing')
    const doubled = withHeaders({
      ...signed,
      signature: `${signed.signature}, ${signed.signature}`,
    })
    assertRefused(() => verifyHttpRequest(doubled, options), 'parameter-duplicate')
    const raw = withHeaders({ ...signed, signature: 'sig1=abc' })
    assertRefused(() => verifyHttpRequest(raw, options), 'signature-malformed')
  })

  test('a signed header that did not come or that is not plain text', () => {
    const headers = request.headers.filter((_, index) => index !== 6 && index !== 7)
    assertRefused(() => verifyHttpRequest({ ...request, headers }, options), 'header-missing')
    const odd = { ...request, headers: request.headers.with(7, 'a\u00fc') }
    assertRefused(() => verifyHttpRequest(odd, options), 'parameter-malformed')
  })

  test('options that cannot be signed', () => {
    for (const wrong of [
      { components: [] },
      { components: ['@status'] },
      { components: ['Date'] },
      { components: ['date', 'date'] },
      { label: 'Sig' },
      { nonce: 'a"b' },
    ]) {
      assert.throws(() => signer.sign(REQUEST, { ...life, ...wrong }), TypeError)
    }
  })
})

test('explain says what the verifier says, and sees a body of another digest', () => {
  const key = { algorithm: 'hmac-sha256', secret: SECRET } as const
  const signed = signHttpRequest(REQUEST, { ...life, key, keyId: 'k1' })
  const url = `https://example.com${REQUEST.target}`
  const pairs: [string, string][] = []
  const all = withHeaders(signed).headers
  for (let index = 0; index < all.length; index += 2)
    pairs.push([all[index] ?? '', all[index + 1] ?? ''])
  const ask = (change: object): ReturnType<typeof explain> =>
    explain(
      { method: 'POST', url, headers: pairs, body: BODY, ...change },
      { keys: [{ id: 'k1', secret: SECRET.toString('base64') }], now },
    )
  assert.equal(ask({}).signature, 'valid')
  assert.equal(ask({ body: 'other' }).causes[0]?.code, 'payload-mismatch')
  assert.equal(ask({ method: 'GET' }).signature, 'invalid')
  const without = pairs.filter(([name]) => name !== 'Content-Digest')
  assert.equal(ask({ headers: without }).causes[0]?.code, 'header-missing')
})
