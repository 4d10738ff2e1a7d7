import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../../conformance/lib/any-text.ts'
import { createBunnyPrefix, presignBunny, verifyBunny } from '../../../src/bunny.ts'
import type { BunnyFormat, BunnyTokenOptions, VerifyBunnyOptions } from '../../../src/bunny.ts'
import type { RawRequest } from '../../../src/types.ts'
import { assertRefused, cdnTokenVectors, propertyRuns, toRequest } from '../cdn-support.ts'

interface Args {
  readonly origin: string
  readonly key: string
  readonly expires: number
  readonly path: string
  readonly query?: Record<string, string>
  readonly pathAllowed?: string
  readonly directory?: boolean
  readonly userIp?: string
  readonly countriesAllowed?: string
  readonly countriesBlocked?: string
  readonly limit?: number
  readonly ignoreParams?: boolean
}

interface Case {
  readonly id: string
  readonly url: string
  readonly args: Args
  readonly format: BunnyFormat
}

const cases: Case[] = (['hs256', 'sha256'] as const).flatMap((format) =>
  cdnTokenVectors<Args>(format === 'hs256' ? 'bunny' : 'bunny-old').map(
    ({ id, inputs, expected }) => ({ id, url: expected.url, args: inputs.args, format }),
  ),
)

function signCase({ args, format }: Case): string {
  const { origin, key, expires, path, query, pathAllowed, directory, userIp } = args
  const signer: BunnyTokenOptions = {
    key,
    format,
    expiresAt: new Date(expires * 1000),
    isInPath: directory === true,
    ignoresQuery: args.ignoreParams === true,
    ...(userIp === undefined ? {} : { clientIp: userIp }),
    ...(args.countriesAllowed === undefined ? {} : { countries: args.countriesAllowed.split(',') }),
    ...(args.countriesBlocked === undefined
      ? {}
      : { blockedCountries: args.countriesBlocked.split(',') }),
    ...(args.limit === undefined ? {} : { limitKbps: args.limit }),
  }
  // The reference leaves an ignored query out of the URL altogether.
  const own = args.ignoreParams === true ? '' : `${new URLSearchParams(query)}`
  const url = `${origin}${path}${own === '' ? '' : `?${own}`}`
  if (pathAllowed === undefined) return presignBunny({ ...signer, url }).url
  return createBunnyPrefix({ ...signer, tokenPath: pathAllowed }).sign(url).url
}

function verifyCase({ args, format }: Case, request: RawRequest) {
  return verifyBunny(args.userIp === undefined ? request : { ...request, clientIp: args.userIp }, {
    keys: ['another key', args.key],
    now: new Date(args.expires * 1000),
    clientCountry: 'CA',
    ...(format === 'hs256'
      ? {}
      : { legacyFormats: [format], legacyBindsIp: args.userIp !== undefined }),
  })
}

test('tokens come out byte for byte', () => {
  for (const vector of cases) assert.equal(signCase(vector), vector.url, vector.id)
})

test('tokens verify', () => {
  for (const vector of cases) {
    const { id, url, args, format } = vector
    const verified = verifyCase(vector, toRequest(url))
    assert.equal(verified.path, args.path, id)
    assert.equal(verified.tokenPath, args.pathAllowed ?? null, id)
    assert.deepEqual([verified.format, verified.isLegacy], [format, format !== 'hs256'], id)
    assert.equal(verified.limitKbps, args.limit ?? null)
  }
})

const now = new Date('2026-03-14T10:00:00Z')
const base = { key: 'hallpass-fake-bunny-key', expiresInSeconds: 300, now }
const options: VerifyBunnyOptions = { keys: [base.key], now }
const verify = (
  url: string,
  more: Partial<RawRequest> = {},
  changed: Partial<VerifyBunnyOptions> = {},
) => verifyBunny(toRequest(url, more), { ...options, ...changed })

test('whatever is signed verifies, in the query and in the path', () => {
  const text = anyText({ minLength: 1, maxLength: 10 })
  const isFree = (value: string) => !/[&=]/.test(value)
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 3 }),
      fc.uniqueArray(fc.tuple(text.filter(isFree), text.filter(isFree)), {
        maxLength: 3,
        selector: ([name]) => name,
      }),
      fc.option(fc.oneof(fc.ipV4(), fc.ipV6()), { nil: undefined }),
      fc.boolean(),
      (segments, query, clientIp, isInPath) => {
        const path = `/${segments.map(encodeURIComponent).join('/')}`
        const own = query
          .map((pair) => pair.map(encodeURIComponent).join('='))
          .join('&')
          .replaceAll("'", '%27')
        const url = `https://h.test${path}?${own}`
        const ip = clientIp === undefined ? {} : { clientIp }
        const signed = presignBunny({ ...base, url, isInPath, ...ip })
        const verified = verify(signed.url, ip)
        assert.equal(verified.path, decodeURIComponent(path))
        assert.equal(verified.isIpBound, clientIp !== undefined)
      },
    ),
    { numRuns: propertyRuns },
  )
})

test('the first format is the documented MD5, and signs no query', () => {
  const { url } = presignBunny({ ...base, format: 'md5', url: 'https://h.test/a/b.jpg' })
  const expires = `${now.getTime() / 1000 + 300}`
  const token = createHash('md5').update(`${base.key}/a/b.jpg${expires}`).digest('base64url')
  assert.equal(url, `https://h.test/a/b.jpg?token=${token}&expires=${expires}`)
  const legacy = { legacyFormats: ['md5'] as const }
  const verified = verify(`${url}&token_path=/&limit=5`, {}, legacy)
  assert.deepEqual(
    [
      verified.format,
      verified.isLegacy,
      verified.tokenPath,
      verified.limitKbps,
      verified.ignoresQuery,
    ],
    ['md5', true, null, null, true],
  )
  assertRefused(() => verify(url.replace('a/b', 'a/c'), {}, legacy), 'signature-mismatch')
  assert.throws(
    () => presignBunny({ ...base, format: 'md5', limitKbps: 1, url: 'https://h.test/' }),
    TypeError,
  )
})

test('legacy formats are taken only where they are allowed', () => {
  for (const format of ['sha256', 'md5'] as const) {
    const { url } = presignBunny({ ...base, format, url: 'https://h.test/a' })
    assertRefused(() => verify(url), 'algorithm-unsupported')
    assert.ok(verify(url, {}, { legacyFormats: [format] }))
  }
})

test('a time that would run into the path is refused on both sides', () => {
  const { url } = presignBunny({ ...base, url: 'https://h.test/file5' })
  const shifted = url.replace('/file5', '/file').replace('expires=', 'expires=5')
  assertRefused(() => verify(shifted), 'parameter-malformed')
  assert.throws(
    () => presignBunny({ key: 'k', url: 'https://h.test/', expiresAt: new Date(1e13) }),
    RangeError,
  )
})

test('an address-bound token works for that address, or its /64', () => {
  const four = presignBunny({ ...base, url: 'https://h.test/a', clientIp: '203.0.113.7' }).url
  assert.ok(verify(four, { clientIp: '::ffff:203.0.113.7' }).isIpBound)
  assertRefused(() => verify(four, { clientIp: '203.0.113.8' }), 'signature-mismatch')
  assertRefused(() => verify(four), 'ip-not-allowed')
  assertRefused(() => verify(four.replace('HS256-1-', 'HS256-')), 'signature-mismatch')
  const six = presignBunny({ ...base, url: 'https://h.test/a', clientIp: '2001:db8:1:2::1' }).url
  assert.ok(verify(six, { clientIp: '2001:db8:1:2:ffff::9' }))
  assertRefused(() => verify(six, { clientIp: '2001:db8:1:3::1' }), 'signature-mismatch')
})

test('a token whose digits begin as the mark of an address is bound to none', () => {
  const numbers = Array.from({ length: 10_000 }, (_, number) => number)
  const signed = numbers.map((number) => presignBunny({ ...base, url: `https://h.test/${number}` }))
  const marked = signed.find(({ url }) => url.includes('HS256-1-'))
  assert.ok(marked !== undefined)
  assert.equal(verify(marked.url).isIpBound, false)
})

test('countries count, and an unknown country is none of them', () => {
  const only = presignBunny({ ...base, url: 'https://h.test/a', countries: ['CA', 'US'] }).url
  assert.ok(verify(only, {}, { clientCountry: 'US' }))
  assertRefused(() => verify(only, {}, { clientCountry: 'DE' }), 'country-not-allowed')
  assertRefused(() => verify(only), 'country-not-allowed')
  const not = presignBunny({ ...base, url: 'https://h.test/a', blockedCountries: ['DE'] }).url
  assert.ok(verify(not, {}, { clientCountry: 'US' }))
  assertRefused(() => verify(not, {}, { clientCountry: 'DE' }), 'country-not-allowed')
  assertRefused(() => verify(not), 'country-not-allowed')
})

test('a folder token opens its folder only', () => {
  const prefix = createBunnyPrefix({ ...base, tokenPath: '/team 1' })
  assert.ok(verify(prefix.sign('https://h.test/team%201/a').url).tokenPath)
  const move = (path: string) =>
    prefix.sign('https://h.test/team%201/a').url.replace('/team%201/a', path)
  for (const path of [
    '/team%2010/a',
    '/other',
    '/team%201/../other',
    '/team%201/%2e%2e/other',
    '/team%201/..%2fother',
  ]) {
    assertRefused(() => verify(move(path)), 'resource-mismatch', path)
  }
  assert.throws(() => prefix.sign('https://h.test/team%2010/a'), RangeError)
  assert.throws(() => prefix.sign('https://h.test/team%201/a?x=1'), TypeError)
  const loose = createBunnyPrefix({ ...base, tokenPath: '/v/', ignoresQuery: true, isInPath: true })
  assert.ok(verify(loose.sign('https://h.test/v/a?x=1').url).ignoresQuery)
})

test('each fault has its own code', () => {
  const { url } = presignBunny({ ...base, url: 'https://h.test/a?x=1' })
  const inPath = presignBunny({ ...base, url: 'https://h.test/a', isInPath: true }).url
  assertRefused(() => verify('https://h.test/a'), 'signature-missing')
  assertRefused(() => verify(url.replace(/&expires=\d+/, '')), 'parameter-missing')
  assertRefused(() => verify(`${url}&expires=1773484013`), 'parameter-duplicate')
  assertRefused(() => verify(`${url}&x=2`), 'parameter-duplicate')
  assertRefused(() => verify(`${url}&utm_source=mail`), 'signature-mismatch')
  assertRefused(() => verify(url.replace('x=1', 'x=%ff')), 'parameter-malformed')
  assertRefused(() => verify(url.replace('x=1', 'x=1%26y=2')), 'parameter-malformed')
  assertRefused(() => verify(url.replace('/a?', '/%zz?')), 'parameter-malformed')
  assertRefused(() => verify(inPath.replace(/\/a$/, '')), 'parameter-malformed')
  assertRefused(() => verify(`${inPath}?token=x`), 'credentials-ambiguous')
  for (const token of [
    '',
    'x',
    'HS256-',
    `HS256-${'A'.repeat(42)}`,
    `HS512-${'A'.repeat(43)}`,
    'A'.repeat(10_000),
  ]) {
    assertRefused(() => verify(url.replace(/token=[^&]*/, `token=${token}`)), 'signature-malformed')
  }
  assertRefused(() => verify(url, { method: 'PUT' }), 'permission-missing')
  assertRefused(
    () => verify(url, {}, { now: new Date(now.getTime() + 300_001) }),
    'signature-expired',
  )
  assertRefused(() => verify(url, {}, { keys: [] }), 'signature-mismatch')
  assertRefused(() => verify(url, {}, { keys: [''] }), 'key-invalid')
})

test('options that cannot be signed whole are refused', () => {
  const url = 'https://h.test/a'
  assert.throws(() => presignBunny({ ...base, key: '', url }), { code: 'key-invalid' })
  assert.throws(
    () => presignBunny({ ...base, url, ignoresQuery: true, countries: ['CA'] }),
    TypeError,
  )
  for (const query of [
    'token=1',
    'expires=1',
    'limit=1',
    'a=1&a=2',
    'a=1%262',
    'a%3Db=1',
    'a=%ff',
  ]) {
    assert.throws(() => presignBunny({ ...base, url: `${url}?${query}` }), TypeError, query)
  }
  for (const countries of [[], ['ca'], ['CAN'], ['C,']]) {
    assert.throws(() => presignBunny({ ...base, url, countries }), TypeError)
  }
  assert.throws(() => presignBunny({ ...base, url, limitKbps: 0 }), RangeError)
  assert.throws(() => presignBunny({ ...base, url, clientIp: '1.2.3' }), TypeError)
  assert.throws(() => createBunnyPrefix({ ...base, tokenPath: 'a/' }), TypeError)
  assert.throws(() => createBunnyPrefix({ ...base, tokenPath: '/a/../b/' }), TypeError)
})

test('a folder that does not begin with a slash is told so', () => {
  for (const tokenPath of ['v/', '', 'https://h.test/v/']) {
    assert.throws(() => createBunnyPrefix({ ...base, tokenPath }), /begins with a slash/)
  }
  assert.throws(() => createBunnyPrefix({ ...base, tokenPath: '/v/../w/' }), /dot segments/)
})
