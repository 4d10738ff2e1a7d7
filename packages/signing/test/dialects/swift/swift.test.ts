import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createSwiftPrefix, presignSwift, verifySwift } from '../../../src/swift.ts'
import type { SwiftDigest, SwiftTokenOptions } from '../../../src/swift.ts'
import type { RawRequest } from '../../../src/types.ts'
import {
  assertRefused,
  cdnTokenVectors,
  propertyRuns,
  toRequest,
  vectorsOf,
} from '../cdn-support.ts'

interface Args {
  readonly key: string
  readonly method: string
  readonly expires: number
  readonly path: string
  readonly prefix?: string
  readonly ipRange?: string
  readonly digest?: SwiftDigest
  readonly form?: 'hex' | 'base64'
}

interface Case {
  readonly id: string
  readonly args: Args
  readonly sig: string
}

interface DocumentedVector extends Omit<Args, 'key' | 'form'> {
  readonly id: string
  readonly temp_url_sig: string
  readonly alsoAcceptedExpires?: string
}

const documented = vectorsOf<DocumentedVector>('official/swift/tempurl-documented.json')
const cases: Case[] = [
  ...documented.map(({ id, temp_url_sig: sig, ...args }) => ({
    id,
    sig,
    args: {
      ...args,
      key: 'mykey',
      form: sig.includes(':') ? ('base64' as const) : ('hex' as const),
    },
  })),
  ...cdnTokenVectors<Args>('swift-tempurl').map(({ id, inputs, expected }) => ({
    id,
    args: inputs.args,
    sig: expected.sig,
  })),
]

function signCase({ key, method, expires, path, prefix, ipRange, digest, form }: Args): string {
  const signer: SwiftTokenOptions = {
    key,
    method,
    expiresAt: new Date(expires * 1000),
    ...(digest === undefined ? {} : { digest }),
    ...(form === undefined ? {} : { encoding: form }),
    ...(ipRange === undefined ? {} : { ipRange }),
  }
  const url = `https://swift.test${encodeURI(path)}`
  if (prefix === undefined) return presignSwift({ ...signer, url }).url
  const [, , account = '', container = ''] = path.split('/')
  return createSwiftPrefix({ ...signer, account, container, prefix }).sign(url).url
}

const digests = ['sha1', 'sha256', 'sha512'] as const

function verifyCase({ args }: Case, request: RawRequest) {
  const options = {
    lookup: () => ['another key', args.key],
    digests,
    now: new Date(args.expires * 1000),
  }
  const clientIp = args.ipRange?.startsWith('203.') === true ? '203.0.113.7' : '1.2.3.4'
  return verifySwift({ ...request, method: args.method, clientIp }, options)
}

test('signatures come out byte for byte', () => {
  assert.ok(cases.length >= 10)
  for (const { id, args, sig } of cases) {
    const found = /temp_url_sig=([^&]*)/.exec(signCase(args))?.[1]
    assert.equal(
      found?.replaceAll('-', '+').replaceAll('_', '/'),
      sig.replaceAll('-', '+').replaceAll('_', '/'),
      id,
    )
  }
})

test('URLs verify', () => {
  for (const vector of cases) {
    const url = signCase(vector.args)
    const verified = verifyCase(vector, toRequest(url))
    assert.equal(
      `/v1/${verified.account}/${verified.container}/${verified.object}`,
      vector.args.path,
    )
  }
})

test('an end in ISO form is the same end', () => {
  const [vector] = documented.filter(({ alsoAcceptedExpires }) => alsoAcceptedExpires !== undefined)
  assert.ok(vector !== undefined)
  const signed = presignSwift({
    key: 'mykey',
    url: `https://swift.test${vector.path}`,
    expiresAt: new Date(vector.expires * 1000),
    timeFormat: 'iso',
  })
  assert.ok(
    signed.url.endsWith(
      `temp_url_sig=${vector.temp_url_sig}&temp_url_expires=${vector.alsoAcceptedExpires ?? ''}`,
    ),
  )
  const now = new Date(vector.expires * 1000)
  assert.deepEqual(
    verifySwift(toRequest(signed.url), { lookup: () => ['mykey'], now }).expiresAt,
    now,
  )
})

const now = new Date('2026-03-14T10:00:00Z')
const key = 'hallpass-fake-swift-key'
const base = { key, expiresInSeconds: 300, now }
const url = 'https://swift.test/v1/AUTH_a/box/docs/report.pdf'
const options = { lookup: () => [key], now }

test('whatever is signed verifies', () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(
      fc.record({
        container: name.filter((text) => !text.includes('/')),
        object: name.filter((text) => /[^/]/.test(text)),
        method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
        digest: fc.constantFrom(...digests),
        encoding: fc.constantFrom('hex', 'base64'),
        ipRange: fc.option(fc.ipV4(), { nil: undefined }),
      }),
      ({ container, object, method, digest, encoding, ipRange }) => {
        const path = `/v1/AUTH_a/${encodeURIComponent(container)}/${encodeURIComponent(object)}`
        const signed = presignSwift({
          ...base,
          url: `https://swift.test${path}`,
          method,
          digest,
          encoding,
          filename: object,
          ...(ipRange === undefined ? {} : { ipRange }),
        })
        const request = toRequest(signed.url, { method, clientIp: ipRange ?? '192.0.2.1' })
        const verified = verifySwift(request, { ...options, digests })
        assert.deepEqual(
          [verified.container, verified.object, verified.method],
          [container, object, method],
        )
      },
    ),
    { numRuns: propertyRuns },
  )
})

test('a method opens itself, and HEAD with it', () => {
  for (const method of ['GET', 'PUT', 'POST']) {
    const signed = presignSwift({ ...base, url, method })
    const verify = (used: string) => verifySwift(toRequest(signed.url, { method: used }), options)
    assert.equal(verify('HEAD').method, method)
    assert.equal(verify(method).method, method)
    assertRefused(() => verify(method === 'GET' ? 'PUT' : 'GET'), 'signature-mismatch')
  }
  const signed = presignSwift({ ...base, url, method: 'DELETE' })
  assertRefused(
    () => verifySwift(toRequest(signed.url, { method: 'HEAD' }), options),
    'signature-mismatch',
  )
})

test('a prefix opens the objects that begin with it', () => {
  const prefix = createSwiftPrefix({
    ...base,
    account: 'AUTH_a',
    container: 'box',
    prefix: 'docs/',
  })
  const verify = (object: string) =>
    verifySwift(toRequest(`https://swift.test/v1/AUTH_a/${object}?${prefix.query}`), options)
  assert.equal(verify('box/docs/a/b').prefix, 'docs/')
  assertRefused(() => verify('box/other'), 'resource-mismatch')
  assertRefused(() => verify('box/docs/../other'), 'resource-mismatch')
  assertRefused(() => verify('box/docs/..%2fother'), 'resource-mismatch')
  assertRefused(() => verify('crate/docs/a'), 'signature-mismatch')
  assert.throws(() => prefix.sign('https://swift.test/v1/AUTH_a/box/other'), RangeError)
  assert.throws(() => prefix.sign('https://swift.test/v1/AUTH_b/box/docs/a'), RangeError)
})

test('an address range binds', () => {
  const signed = presignSwift({ ...base, url, ipRange: '2001:db8::/32' })
  const verify = (clientIp?: string) =>
    verifySwift(toRequest(signed.url, clientIp === undefined ? {} : { clientIp }), options)
  assert.equal(verify('2001:db8::1').ipRange, '2001:db8::/32')
  assertRefused(() => verify('2001:db9::1'), 'ip-not-allowed')
  assertRefused(() => verify('203.0.113.7'), 'ip-not-allowed')
  assertRefused(() => verify(), 'ip-not-allowed')
  const freed = signed.url.replace(/&temp_url_ip_range=[^&]*/, '')
  assertRefused(() => verifySwift(toRequest(freed), options), 'signature-mismatch')
  assertRefused(
    () =>
      verifySwift(toRequest(`${freed}&temp_url_ip_range=`, { clientIp: '203.0.113.7' }), options),
    'signature-mismatch',
  )
})

test('an upload may not become a pointer to another object', () => {
  const signed = presignSwift({ ...base, url, method: 'PUT' })
  for (const name of ['X-Object-Manifest', 'x-symlink-target']) {
    const request = toRequest(signed.url, { method: 'PUT', headers: [name, 'box/secret'] })
    assertRefused(() => verifySwift(request, options), 'headers-unsigned')
  }
})

test('file name and inline can be anything, since nothing signs them', () => {
  const signed = presignSwift({ ...base, url, filename: 'Bericht "2026".pdf', isInline: true })
  assert.ok(signed.url.endsWith('&filename=Bericht%20%222026%22.pdf&inline'))
  assert.ok(verifySwift(toRequest(signed.url.replace('Bericht', 'x')), options))
})

test('each fault has its own code', () => {
  const signed = presignSwift({ ...base, url }).url
  const verify = (changed: string, more = {}) =>
    verifySwift(toRequest(changed), { ...options, ...more })
  assertRefused(() => verify(url), 'signature-missing')
  assertRefused(() => verify(signed.replace(/&temp_url_expires=\d+/, '')), 'parameter-missing')
  assertRefused(() => verify(`${signed}&temp_url_expires=9999999999`), 'parameter-duplicate')
  assertRefused(() => verify(`${signed}&filename=a&filename=b`), 'parameter-duplicate')
  for (const time of [
    '',
    '%2B1',
    '1e9',
    '2026-02-30T00:00:00Z',
    '2026-03-14',
    '0x10',
    '1960-01-01T00:00:00Z',
  ]) {
    assertRefused(
      () => verify(signed.replace(/(temp_url_expires=)\d+/, `$1${time}`)),
      'parameter-malformed',
      time,
    )
  }
  const replaceSig = (sig: string) => signed.replace(/temp_url_sig=[^&]*/, `temp_url_sig=${sig}`)
  for (const sig of [
    '',
    'x',
    '0'.repeat(63),
    'G'.repeat(64),
    'A'.repeat(64),
    'sha256:',
    'sha256:AAAA',
    `sha256:${'-+'.repeat(22)}`,
  ]) {
    assertRefused(() => verify(replaceSig(sig)), 'signature-malformed', sig)
  }
  assertRefused(() => verify(replaceSig('0'.repeat(40))), 'algorithm-unsupported')
  assertRefused(() => verify(replaceSig('md5:AAAA')), 'algorithm-unsupported')
  assertRefused(() => verify(signed.replace('/v1/', '/v2/')), 'parameter-malformed')
  assertRefused(() => verify(signed.replace('docs/report.pdf', '%2F')), 'parameter-malformed')
  assertRefused(() => verify(signed, { lookup: () => [] }), 'key-unknown')
  assertRefused(() => verify(signed, { lookup: () => ['other'] }), 'signature-mismatch')
  assertRefused(() => verify(signed, { lookup: () => [''] }), 'key-invalid')
  assertRefused(
    () => verify(signed, { now: new Date(now.getTime() + 300_001) }),
    'signature-expired',
  )
})

test('the keys asked for are those of the account and the container', () => {
  const asked: string[][] = []
  const lookup = (account: string, container: string) => {
    asked.push([account, container])
    return [key]
  }
  verifySwift(toRequest(presignSwift({ ...base, url }).url), { lookup, now })
  assert.deepEqual(asked, [['AUTH_a', 'box']])
})

test('options that cannot be signed are refused', () => {
  assert.throws(() => presignSwift({ ...base, key: '', url }), { code: 'key-invalid' })
  for (const bad of [
    'https://swift.test/v1/a/b',
    'https://swift.test/v1/a//c',
    'https://swift.test/v2/a/b/c',
    `${url}?temp_url_sig=1`,
    `${url}?inline`,
  ]) {
    assert.throws(() => presignSwift({ ...base, url: bad }), TypeError, bad)
  }
  for (const ipRange of ['', '1.2.3', '10.0.0.1/24', '10.0.0.0/33', '1.2.3.4\nGET']) {
    assert.throws(() => presignSwift({ ...base, url, ipRange }), TypeError, ipRange)
  }
  assert.throws(() => presignSwift({ ...base, url, method: 'get' }), TypeError)
  for (const part of [{ account: '' }, { container: 'a/b' }, { prefix: '' }]) {
    assert.throws(
      () => createSwiftPrefix({ ...base, account: 'a', container: 'b', prefix: 'c/', ...part }),
      TypeError,
    )
  }
})
