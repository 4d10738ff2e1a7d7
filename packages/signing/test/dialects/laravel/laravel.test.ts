import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../../conformance/lib/any-text.ts'
import { explain } from '../../../src/explain.ts'
import { createLaravelSigner, presignLaravel, verifyLaravel } from '../../../src/laravel.ts'
import type { VerifyLaravelOptions } from '../../../src/laravel.ts'
import { assertRefused, bitFlips, propertyRuns, toRequest } from '../cdn-support.ts'

const now = new Date('2026-03-14T10:00:00Z')
const key = 'base64:aGFsbHBhc3MgZmFrZSBsYXJhdmVsIGtleSAwMDAwMDE='
const life = { expiresInSeconds: 300, now }
const END = now.getTime() / 1000 + 300

function verify(url: string, more: Partial<VerifyLaravelOptions> = {}): unknown {
  return verifyLaravel(toRequest(url), { keys: [key], now, ...more })
}

/** As the framework computes it: HMAC-SHA256 of the URL under the text of `app.key`. */
function macOf(text: string, secret: string = key): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

test('the signature is the HMAC of the URL as text, and the end stands in front of it', () => {
  const { url, expiresAt } = presignLaravel({ ...life, key, url: 'https://app.test/file/7?a=1' })
  const text = `https://app.test/file/7?a=1&expires=${END}`
  assert.equal(url, `${text}&signature=${macOf(text)}`)
  assert.deepEqual(expiresAt, new Date(END * 1000))
  assert.deepEqual(verify(url), { expiresAt })
})

test('slashes at the end of the path, the case of the host and the usual port are not signed', () => {
  const text = `https://app.test/file?expires=${END}`
  for (const url of [
    `https://app.test/file/?expires=${END}`,
    `https://APP.test/file?expires=${END}`,
    `https://app.test:443/file?expires=${END}`,
  ]) {
    verify(`${url}&signature=${macOf(text)}`)
  }
})

test('a million slashes within a path are read once: looked at again from each they would take hours', () => {
  const end = `?expires=${END}&signature=${'0'.repeat(64)}`
  const url = `https://app.test/x${'/'.repeat(1_000_000)}x${end}`
  assertRefused(() => verify(url), 'signature-mismatch')
  assertRefused(() => verify(url, { isRelative: true }), 'signature-mismatch')
})

test('a relative URL is signed without scheme and host', () => {
  const { url } = presignLaravel({ ...life, key, isRelative: true, url: 'https://app.test/file/7' })
  assert.equal(url.slice(-64), macOf(`/file/7?expires=${END}`))
  verify(url.replace('app.test', 'other.test'), { isRelative: true })
  assertRefused(() => verify(url), 'signature-mismatch')
})

test('whatever is signed verifies, and no longer after any one-bit change', () => {
  const signer = createLaravelSigner({ key, now })
  fc.assert(
    fc.property(fc.array(anyText({ maxLength: 8 }), { maxLength: 3 }), anyText(), (names, text) => {
      const path = ['', 'x', ...names].map(encodeURIComponent).join('/')
      const query = `q=${encodeURIComponent(text).replaceAll("'", '%27')}`
      const { url } = signer.sign({ expiresInSeconds: 300, url: `https://h.test${path}?${query}` })
      verify(url)
    }),
    { numRuns: propertyRuns },
  )
  const { url } = signer.sign({ expiresInSeconds: 300, url: 'https://h.test/a/b?c=d' })
  const { target } = toRequest(url)
  for (const changed of bitFlips(target)) {
    assertRefused(
      () => verifyLaravel(toRequest(url, { target: changed }), { keys: [key], now }),
      undefined,
      changed,
    )
  }
})

suite('refused', () => {
  const { url } = presignLaravel({ ...life, key, url: 'https://app.test/file/7' })
  test('after its end, with another key, without a signature, or with two', () => {
    verify(url, { now: new Date(END * 1000) })
    assertRefused(() => verify(url, { now: new Date(END * 1000 + 1) }), 'signature-expired')
    assertRefused(() => verify(url, { keys: ['base64:b3RoZXI='] }), 'signature-mismatch')
    verify(url, { keys: ['base64:b3RoZXI=', key] })
    assertRefused(() => verify(url.replace(/&signature=.*/, '')), 'signature-missing')
    assertRefused(() => verify(`${url}&signature=${'0'.repeat(64)}`), 'parameter-duplicate')
    assertRefused(() => verify(`${url}&%73ignature=0`), 'parameter-duplicate')
    assertRefused(() => verify(url.replace('signature=', 'si%67nature=')), 'parameter-malformed')
    assertRefused(() => verify(url.slice(0, -1)), 'signature-malformed')
  })
  test('methods that write, unless they are allowed', () => {
    const request = { ...toRequest(url), method: 'POST' }
    assertRefused(() => verifyLaravel(request, { keys: [key], now }), 'permission-missing')
    verifyLaravel(request, { keys: [key], now, methods: ['POST'] })
  })
  test('URLs without an end, where one is asked for', () => {
    const endless = `https://app.test/x?signature=${macOf('https://app.test/x')}`
    assert.deepEqual(verify(endless), { expiresAt: null })
    assertRefused(() => verify(endless, { requiresEnd: true }), 'parameter-missing')
  })
  test('an end that is doubled or no number, even if it was signed', () => {
    for (const query of [`expires=${END}&expires=${END + 9}`, 'expires=', 'expires=1e12']) {
      const text = `https://app.test/x?${query}`
      assertRefused(() => verify(`${text}&signature=${macOf(text)}`))
    }
  })
})

test('ignored parameters may be added, and others may not', () => {
  const { url } = presignLaravel({ ...life, key, url: 'https://app.test/file/7' })
  verify(`${url}&utm_source=mail`, { ignoredParameters: ['utm_source'] })
  assertRefused(() => verify(`${url}&utm_source=mail`), 'signature-mismatch')
})

test('URLs that are signed already, or no URLs, are not signed', () => {
  for (const url of [
    'https://h.test/?signature=1',
    'https://h.test/?expires=1',
    '/a',
    'ftp://h/a',
  ]) {
    assert.throws(() => presignLaravel({ ...life, key, url }), TypeError)
  }
  assertRefused(() => presignLaravel({ ...life, key: '', url: 'https://h.test/' }), 'key-invalid')
})

test('explain finds out what happened to a URL', () => {
  const { url } = presignLaravel({ ...life, key, url: 'https://app.test/file/7?a=1' })
  const first = (text: string, secret = key): string | undefined =>
    explain(
      { method: 'GET', url: text, headers: [] },
      { keys: [{ dialect: 'laravel', secret }], now },
    ).causes[0]?.code
  assert.equal(first(url), 'nothing-found')
  assert.equal(first(url.replace('https:', 'http:')), 'scheme-changed')
  assert.equal(first(`${url}&fbclid=abc`), 'tracker-parameters')
  assert.equal(first(url.replace('app.test', 'app.test:8080')), 'port-changed')
  assert.equal(first(url.replaceAll('&', '&amp;')), 'url-html-escaped')
  assert.equal(first(url, 'base64:b3RoZXI='), 'key-mismatch')
  const text = `https://app.test/file/7?expires=${END}`
  const decoded = createHmac('sha256', Buffer.from(key.slice(7), 'base64')).update(text)
  assert.equal(first(`${text}&signature=${decoded.digest('hex')}`), 'secret-encoded')
  assert.equal(first(`${text}&signature=${macOf(text, key.slice(7))}`), 'secret-encoded')
})
