/**
 * Random inputs, beside the official SDK. Deviations, each on purpose:
 *
 * - The SDK decodes and re-encodes the path it is given (`+` becomes `%2B`, `%27` an apostrophe); this library leaves
 *   what is valid as it is. So both are given the SDK's own spelling, and its encoding of anything else is checked by
 *   verifying the URL it makes.
 * - Dot segments are refused here, also with an encoded slash (`.%2F`): some origin folds them.
 * - Without `hashAlgorithm` this library signs with SHA-256, the SDK with SHA-1. Both are named here.
 * - A star in a URL under a custom policy is refused here, because it would open other files too.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer'
import * as fc from 'fast-check'
import {
  createCloudFrontCookies,
  presignCloudFront,
  verifyCloudFront,
  verifyCloudFrontCookies,
} from '../../../src/cloudfront.ts'
import { hasDotSegment } from '../../../src/lib/path-scope.ts'
import { percentEncode } from '../../../src/lib/percent-encode.ts'
import { pemOf, propertyRuns, requestOf } from '../cloud-support.ts'

const RSA = pemOf('hallpass-test-rsa-2')
const EC = pemOf('hallpass-test-ec-1')
const NOW = new Date('2026-03-14T09:26:53Z')

const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map(percentEncode)
  .filter((text) => text !== '.' && text !== '..')
// The SDK decodes a path segment and encodes it again, so only its own spelling comes out as it went in.
const pathSegment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((text) => encodeURIComponent(text.replaceAll('*', '-')))
  .filter((text) => !hasDotSegment(`/${text}`))
const query = fc.array(fc.tuple(segment, segment), { maxLength: 3 })
const inputs = fc.record({
  host: fc.constantFrom('d111111abcdef8.cloudfront.net', 'cdn.example.test', 'localhost:8080'),
  scheme: fc.constantFrom('http', 'https'),
  path: fc.array(pathSegment, { maxLength: 4 }),
  query,
  expires: fc.integer({ min: 1773500000, max: 2147483647 }),
  starts: fc.option(fc.integer({ min: 1, max: 1773480413 }), { nil: undefined }),
  ip: fc.option(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, bits]) => `${ip}/${bits}`),
    { nil: undefined },
  ),
  hashAlgorithm: fc.constantFrom('SHA1' as const, 'SHA256' as const),
})

type Input = typeof inputs extends fc.Arbitrary<infer Value> ? Value : never

function urlOf({ scheme, host, path, query: pairs }: Input): string {
  const text = pairs.map(([name, value]) => `q${name}=${value}`).join('&')
  return `${scheme}://${host}/${path.join('/')}${text === '' ? '' : `?${text}`}`
}

function argumentsOf(
  input: Input,
  privateKey: string,
): {
  theirs: Parameters<typeof getSignedUrl>[0] & { url: string }
  ours: Parameters<typeof presignCloudFront>[0]
} {
  const { expires, starts, ip, hashAlgorithm } = input
  const url = urlOf(input)
  const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()
  return {
    theirs: {
      url,
      keyPairId: 'K1',
      privateKey,
      algorithm: hashAlgorithm,
      dateLessThan: iso(expires),
      ...(starts === undefined ? {} : { dateGreaterThan: iso(starts) }),
      ...(ip === undefined ? {} : { ipAddress: ip }),
    },
    ours: {
      url,
      keyPairId: 'K1',
      privateKey,
      hashAlgorithm,
      expiresAt: new Date(expires * 1000),
      ...(starts === undefined ? {} : { startsAt: new Date(starts * 1000) }),
      ...(ip === undefined ? {} : { ip }),
    },
  }
}

describe('CloudFront beside @aws-sdk/cloudfront-signer', () => {
  test('RSA: random inputs give the same URL and cookies, and both verify', () => {
    const options = { lookup: () => RSA.public, now: NOW }
    fc.assert(
      fc.property(inputs, (input) => {
        const { theirs, ours } = argumentsOf(input, RSA.private)
        const expected = getSignedUrl(theirs)
        const { url } = presignCloudFront(ours)
        assert.equal(url, expected)
        const clientIp = input.ip?.split('/')[0] ?? '203.0.113.7'
        const grant = verifyCloudFront(requestOf(expected, { clientIp }), options)
        assert.equal(grant.url, ours.url)
        assert.equal(grant.expiresAt.getTime(), input.expires * 1000)
      }),
      { numRuns: propertyRuns },
    )
  })

  test('RSA cookies: random inputs give the same cookies, and they verify', () => {
    const options = { lookup: () => RSA.public, now: NOW }
    fc.assert(
      fc.property(inputs, (input) => {
        const { theirs, ours } = argumentsOf(input, RSA.private)
        const expected = getSignedCookies(theirs)
        const { cookies } = createCloudFrontCookies(ours)
        assert.deepEqual(
          { ...cookies },
          Object.fromEntries(
            Object.entries(expected).map(([name, value]) => [name, String(value)]),
          ),
        )
        const header = Object.entries(expected)
          .map(([name, value]) => `${name}=${value}`)
          .join('; ')
        const clientIp = input.ip?.split('/')[0] ?? '203.0.113.7'
        const request = requestOf(theirs.url, { clientIp, extraHeaders: ['Cookie', header] })
        assert.equal(verifyCloudFrontCookies(request, options).resource, ours.url)
      }),
      { numRuns: Math.min(propertyRuns, 10_000) },
    )
  })

  test('ECDSA: all but the signature is the same, and each verifies the other', () => {
    const options = { lookup: () => EC.public, now: NOW }
    fc.assert(
      fc.property(inputs, (input) => {
        const { theirs, ours } = argumentsOf(input, EC.private)
        const expected = getSignedUrl(theirs)
        const { url } = presignCloudFront(ours)
        const unsigned = (text: string): string => text.replace(/Signature=[^&]*/, '')
        assert.equal(unsigned(url), unsigned(expected))
        const clientIp = input.ip?.split('/')[0] ?? '203.0.113.7'
        for (const text of [expected, url]) {
          assert.equal(verifyCloudFront(requestOf(text, { clientIp }), options).url, ours.url)
        }
      }),
      { numRuns: Math.min(propertyRuns, 20_000) },
    )
  })

  test('whatever text the SDK is given, the URL it makes verifies', () => {
    const options = { lookup: () => RSA.public, now: NOW }
    const text = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((raw) => raw.replaceAll(/[?#%]|\.\.?(?=\/|$)/g, 'x'))
    fc.assert(
      fc.property(text, text, (path, rest) => {
        const raw = rest.replaceAll('/', '')
        const url = getSignedUrl({
          url: `https://h.test/${path}?k=${raw}`,
          keyPairId: 'K1',
          privateKey: RSA.private,
          dateLessThan: '2026-04-01T00:00:00Z',
        })
        assert.ok(verifyCloudFront(requestOf(url), options))
      }),
      { numRuns: Math.min(propertyRuns, 5000) },
    )
  })
})
