import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../../conformance/lib/any-text.ts'
import { explain } from '../../../src/explain.ts'
import type { ExplainOptions } from '../../../src/explain.ts'
import { presignCloudflare, verifyCloudflare } from '../../../src/cloudflare.ts'
import type { VerifyCloudflareOptions } from '../../../src/cloudflare.ts'
import {
  assertRefused,
  bitFlips,
  cdnTokenVectors,
  propertyRuns,
  toRequest,
} from '../cdn-support.ts'

interface Args {
  readonly key: string
  readonly message: string
  readonly timestamp: number
  readonly separator?: string
  readonly urlSafe?: boolean
}

test('links come out byte for byte, verify, and no longer after any one-bit change', () => {
  for (const { id, inputs, expected } of cdnTokenVectors<Args>('cloudflare-hmac')) {
    const { key, message, timestamp, separator = '', urlSafe = false } = inputs.args
    const rule = { ttlSeconds: 300, separator, isUrlSafe: urlSafe }
    const now = new Date(timestamp * 1000)
    const signed = presignCloudflare({ ...rule, key, now, url: `https://h.test${message}` })
    assert.equal(signed.url, `https://h.test${message}${separator}${expected.token}`, id)
    const { target } = toRequest(signed.url)
    const verify = (changed: string) =>
      verifyCloudflare(toRequest(signed.url, { target: changed }), { ...rule, keys: [key], now })
    assert.equal(verify(target).message, message)
    for (const changed of bitFlips(target)) {
      const isSameEscape =
        changed.toUpperCase() === target.toUpperCase() && isSameText(changed, target)
      if (!isSameEscape || changed.slice(0, message.length) !== message) {
        assertRefused(() => verify(changed), undefined, changed)
      }
    }
  }
})

function isSameText(a: string, b: string): boolean {
  try {
    return decodeURIComponent(a) === decodeURIComponent(b)
  } catch {
    return false
  }
}

const now = new Date('2026-03-14T10:00:00Z')
const base = { key: 'hallpass-fake-cf-secret', ttlSeconds: 300, now }
const options: VerifyCloudflareOptions = { keys: [base.key], ttlSeconds: 300, now }
const verify = (url: string, more: Partial<VerifyCloudflareOptions> = {}) =>
  verifyCloudflare(toRequest(url), { ...options, ...more })

test('whatever is signed verifies', () => {
  fc.assert(
    fc.property(
      fc.array(anyText({ maxLength: 8 }), { maxLength: 3 }),
      fc.option(fc.stringMatching(/^[a-z]=[a-z0-9]{1,6}$/), { nil: null }),
      fc.boolean(),
      (segments, query, isUrlSafe) => {
        const path = `/${segments.map(encodeURIComponent).join('/')}`
        const message = query === null ? path : `${path}?${query}`
        const { url } = presignCloudflare({ ...base, isUrlSafe, url: `https://h.test${message}` })
        assert.equal(verify(url, { isUrlSafe }).message, message)
      },
    ),
    { numRuns: propertyRuns },
  )
})

test('the MAC is the HMAC of message and time, computed by Node alone', () => {
  const { url } = presignCloudflare({ ...base, url: 'https://h.test/a?b=1' })
  const mac = createHmac('sha256', base.key)
    .update(`/a?b=1${now.getTime() / 1000}`)
    .digest('base64')
  assert.equal(
    url,
    `https://h.test/a?b=1&verify=${now.getTime() / 1000}-${encodeURIComponent(mac)}`,
  )
})

test('a link works while less than its time has passed', () => {
  const signed = presignCloudflare({ ...base, url: 'https://h.test/a' })
  const at = (offset: number) => verify(signed.url, { now: new Date(now.getTime() + offset) })
  assert.deepEqual(at(299_999).expiresAt, signed.expiresAt)
  assertRefused(() => at(300_000), 'signature-expired')
  assert.ok(at(-900_000))
  assertRefused(() => at(-900_001), 'signature-not-yet-valid')
})

test('each fault has its own code', () => {
  const { url } = presignCloudflare({ ...base, url: 'https://h.test/file1' })
  assertRefused(() => verify('https://h.test/file1'), 'signature-missing')
  assertRefused(() => verify(`${url}&utm_source=mail`), 'signature-missing')
  assertRefused(() => verify(url.replace('?verify=', '?check=')), 'signature-missing')
  assertRefused(() => verify(url.replace('?verify=', '&verify=')), 'parameter-malformed')
  assertRefused(() => verify(url.replace('/file1?verify=', '/file?verify=1')), 'signature-missing')
  assertRefused(() => verify(url.replace('/file1', '/file2')), 'signature-mismatch')
  for (const mac of ['', 'A', 'A'.repeat(43), 'A'.repeat(44), `${'A'.repeat(44)}%3D`]) {
    assertRefused(() => verify(url.replace(/(verify=\d+-).*/, `$1${mac}`)), 'signature-malformed')
  }
  assertRefused(() => verify(url, { isUrlSafe: true }), 'signature-malformed')
  assertRefused(() => verify(url, { keys: ['other'] }), 'signature-mismatch')
  assert.ok(verify(url, { keys: ['other', base.key] }))
  assertRefused(() => verify(url, { keys: [''] }), 'key-invalid')
  const post = toRequest(url, { method: 'POST' })
  assertRefused(() => verifyCloudflare(post, options), 'permission-missing')
})

test('options that cannot be signed are refused', () => {
  const url = 'https://h.test/a'
  assert.throws(() => presignCloudflare({ ...base, key: '', url }), { code: 'key-invalid' })
  for (const ttlSeconds of [0, -1, 1.5, Number.NaN]) {
    assert.throws(() => presignCloudflare({ ...base, ttlSeconds, url }), RangeError)
  }
  assert.throws(() => presignCloudflare({ ...base, separator: '?a b=', url }), TypeError)
  assert.throws(() => presignCloudflare({ ...base, now: new Date(0), url }), RangeError)
})

const explainLink = (url: string, more: Partial<ExplainOptions> = {}) => {
  const { signature, causes } = explain(url, { keys: [{ secret: base.key }], now, ...more })
  return { signature, first: causes[0]?.code, text: JSON.stringify(causes) }
}

test('explain finds nothing wrong with a fresh link, and knows its age when it is old', () => {
  const { url } = presignCloudflare({ ...base, url: 'https://h.test/file1?own=1' })
  const fresh = explainLink(url)
  assert.deepEqual([fresh.signature, fresh.first], ['valid', 'nothing-found'])
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  assert.equal(explainLink(url, { now: later(2) }).first, 'nothing-found')
  const old = explainLink(url, { now: later(180), response: { status: 403 } })
  assert.deepEqual([old.signature, old.first], ['valid', 'lifetime-in-rule'])
  assert.match(old.text, /made at 2026-03-14T10:00:00Z, 3 h before/)
  assert.equal(explainLink(url, { now: later(-20) }).first, 'clock-ahead')
})

test('explain names the change that makes the MAC fit, and shows neither MAC nor key', () => {
  const { url } = presignCloudflare({ ...base, url: 'https://h.test/file1?own=1' })
  const mac = createHmac('sha256', base.key)
    .update(`/file1?verify=${now.getTime() / 1000}`)
    .digest('base64url')
  const cases: [url: string, code: string][] = [
    [url.replace('/file1', '/file1/'), 'path-trailing-slash'],
    [`${url}&download=1`, 'parameter-after-signature'],
    [`${url}&utm_source=mail`, 'tracker-parameters'],
    [url.replace('own=1', 'own=1&more=2'), 'parameter-added'],
    [url.replace('&verify=', '?verify='), 'url-question-mark'],
    [url.replace('/file1', '/other'), 'key-mismatch'],
    [`https://h.test/file1?verify=${now.getTime() / 1000}-${mac}`, 'separator-signed'],
  ]
  for (const [changed, code] of cases) {
    const { first, text } = explainLink(changed)
    assert.equal(first, code, changed)
    const digits = /-([A-Za-z0-9_%-]{43,})/.exec(changed)?.[1] ?? assert.fail()
    assert.ok(!text.includes(digits) && !text.includes(decodeURIComponent(digits)), code)
    assert.ok(!text.includes(base.key))
  }
})

test('a plus of the MAC that was read as a blank is named', () => {
  let url = ''
  for (let step = 0; !url.includes('%2B'); step += 1) {
    ;({ url } = presignCloudflare({ ...base, url: `https://h.test/${step}` }))
  }
  const { first, signature } = explainLink(url.replaceAll('%2B', '%20'))
  assert.deepEqual([first, signature], ['signature-plus-decoded', 'invalid'])
})
