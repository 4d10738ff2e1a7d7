import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffCanonicalRequest } from '../../../src/inspect/hypotheses/canonical-diff.ts'
import { ipFindings } from '../../../src/inspect/rules/ip-rules.ts'
import { parameterFindings } from '../../../src/inspect/rules/parameter-rules.ts'
import { secretVariants } from '../../../src/inspect/hypotheses/secret-variants.ts'
import { formatDuration, iso, timeFindings } from '../../../src/inspect/rules/time-rules.ts'
import { isTrackerParameter } from '../../../src/inspect/hypotheses/trackers.ts'
import { canonicalRequestOf } from '../../../src/inspect/hypotheses/v4-view.ts'
import type { V4View } from '../../../src/inspect/hypotheses/v4-view.ts'
import { S3_SCHEME } from '../../../src/dialects/s3/params.ts'
import { createV4Scope } from '../../../src/lib/v4.ts'
import { parseObservedUrl } from '../../../src/inspect/facts/observed-url.ts'

const NOW = new Date('2026-03-14T09:26:53Z')
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

test('the last second of a life is within it, the one after is not', () => {
  const startsAt = at(-100)
  assert.deepEqual(timeFindings({ startsAt, expiresAt: at(0) }, NOW), [])
  const [expired] = timeFindings({ startsAt, expiresAt: at(-1) }, NOW)
  assert.equal(expired?.code, 'url-expired')
  assert.deepEqual(expired?.facts, { expiredAt: '2026-03-14T09:26:52Z', ago: '1 s' })
})

test('starts ahead are a clock or an intended start, by how far ahead they are', () => {
  const codes = (seconds: number, toleranceSeconds = 0) =>
    timeFindings({ startsAt: at(seconds), expiresAt: at(999_999) }, NOW, { toleranceSeconds }).map(
      ({ code }) => code,
    )
  assert.deepEqual(codes(60), ['clock-ahead'])
  assert.deepEqual(codes(60, 300), [])
  assert.deepEqual(codes(86_400), ['url-not-yet-valid'])
  assert.equal(
    timeFindings({ startsAt: at(10), expiresAt: at(5) }, NOW)[0]?.code,
    'expiry-before-start',
  )
})

test('times and durations that cannot be are words, not errors', () => {
  assert.equal(iso(new Date(Number.NaN)), 'an impossible time')
  assert.equal(formatDuration(90_000_000 * 3), '3 d')
  assert.equal(formatDuration(-150_000), '3 min')
})

test('addresses are compared with single addresses, networks and ranges of both families', () => {
  const sure = (allowed: string, ip: string) => ipFindings(allowed, ip).length > 0
  assert.equal(sure('203.0.113.7', '203.0.113.7'), false)
  assert.equal(sure('203.0.113.0/24', '203.0.114.1'), true)
  assert.equal(sure('203.0.113.5-203.0.113.9', '203.0.113.9'), false)
  assert.equal(sure('203.0.113.5-203.0.113.9', '203.0.113.10'), true)
  assert.equal(sure('203.0.113.0/24', '2001:db8::1'), true)
  assert.equal(sure('0.0.0.0/0', '198.51.100.1'), false)
  assert.ok((ipFindings('203.0.113.7', null)[0]?.confidence ?? 1) < 0.5)
})

test('a cut signature is one finding, not also the parameters behind it', () => {
  const rules = {
    needed: ['Expires', 'Signature', 'Key'],
    single: ['Signature'],
    signature: { name: 'Signature', minLength: 20 },
  }
  const codes = (query: string) =>
    parameterFindings(parseObservedUrl(`https://h/?${query}`), rules).map(({ code }) => code)
  assert.deepEqual(codes('Expires=1&Signature=abc'), ['url-truncated'])
  assert.deepEqual(codes('Expires=1&Sig'), ['url-truncated'])
  assert.deepEqual(codes('expires=1&Signature=01234567890123456789&Key=1'), ['parameter-case'])
  assert.deepEqual(codes('Expires=1&Signature=01234567890123456789&Key=1&Signature=2'), [
    'parameter-doubled',
    'url-truncated',
  ])
})

test('secrets are tried with and without blanks and in other encodings, never as they are', () => {
  const variants = [...secretVariants('a/b+c\n')].map(({ secret }) => secret)
  assert.ok(variants.includes('a/b+c'))
  assert.ok(variants.includes('a%2Fb%2Bc'))
  assert.equal(variants.includes('a/b+c\n'), false)
})

test('a secret is tried with a NUL at its end, and without the one that it has', () => {
  const where = (secret: string, tried: string): unknown =>
    [...secretVariants(secret)].find((variant) => variant.secret === tried)?.facts['where']
  assert.equal(where('hallpass', 'hallpass\0'), 'with a NUL at its end')
  assert.equal(where('hallpass\0\0', 'hallpass'), 'without the NUL at its end')
  assert.equal(where('hallpass\n\0', 'hallpass'), 'without the blanks around it')
})

test('trackers are known by name, in any case, and others are not', () => {
  for (const name of ['utm_source', 'UTM_Campaign', 'fbclid', 'gclid', 'mc_eid'])
    assert.ok(isTrackerParameter(name))
  for (const name of ['versionId', 'X-Amz-Date', 'v', 'response-content-type'])
    assert.ok(!isTrackerParameter(name))
})

const VIEW: V4View = {
  method: 'GET',
  path: '/b/a%20b.txt',
  query: [['X-Amz-Date', '1']],
  headers: new Map([['host', 'files.example.com']]),
  signedHeaders: ['host'],
  payloadHash: 'UNSIGNED-PAYLOAD',
  algorithm: 'AWS4-HMAC-SHA256',
  timestamp: '20260314T092653Z',
  scope: createV4Scope(S3_SCHEME, '20260314', 'us-east-1', 's3'),
  secret: '',
}

test('what the provider printed is compared part by part with what was sent', () => {
  const seen = (change: Partial<V4View>) =>
    diffCanonicalRequest(VIEW, canonicalRequestOf({ ...VIEW, ...change }), true).map(
      ({ code }) => code,
    )
  assert.deepEqual(seen({}), [])
  assert.deepEqual(seen({ method: 'HEAD' }), ['method-differs'])
  assert.deepEqual(seen({ headers: new Map([['host', '10.0.0.1:9000']]) }), ['host-changed'])
  assert.deepEqual(seen({ headers: new Map([['host', 'files.example.com:9000']]) }), [
    'port-changed',
  ])
  assert.deepEqual(seen({ path: '/s3/b/a%20b.txt' }), ['proxy-path-prefix'])
  assert.deepEqual(seen({ path: '/b/a%2Bb.txt' }), ['path-plus-for-space'])
  assert.deepEqual(seen({ path: '/other' }), ['path-changed'])
  assert.deepEqual(seen({ query: [] }), ['parameter-removed'])
  assert.deepEqual(
    seen({
      query: [
        ['X-Amz-Date', '1'],
        ['v', '2'],
      ],
    }),
    ['parameter-added'],
  )
  assert.deepEqual(seen({ query: [['X-Amz-Date', '2']] }), ['parameter-changed'])
  assert.deepEqual(seen({ payloadHash: 'x' }), ['payload-mismatch'])
  assert.deepEqual(diffCanonicalRequest(VIEW, 'not a canonical request', true), [])
})
