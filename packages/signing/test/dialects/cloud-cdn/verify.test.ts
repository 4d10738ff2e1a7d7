import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyTarget } from '../../../../../conformance/lib/any-text.ts'
import {
  createCloudCdnCookie,
  createCloudCdnPrefix,
  presignCloudCdn,
  verifyCloudCdn,
  verifyCloudCdnCookie,
} from '../../../src/cloud-cdn.ts'
import { assertRefused, googleCdnVectors, propertyRuns, toRequest } from '../cdn-support.ts'

const key = 'aGFsbHBhc3MgZmFrZSAxNg=='
const now = new Date('2026-03-14T10:00:00Z')
const signer = { keyName: 'hallpass-key', key, expiresInSeconds: 300, now }
const options = {
  lookup: (keyName: string) => (keyName === 'hallpass-key' ? key : null),
  now,
}
const signed = presignCloudCdn({ ...signer, url: 'https://media.example.test/a%20b?x=1' }).url

test("Google's samples verify", () => {
  for (const { function: name, input, expected } of googleCdnVectors('cloud-cdn')) {
    const verifyOptions = {
      lookup: () => input.base64_key,
      now: new Date((input.expiration ?? 0) * 1000),
    }
    if (name === 'sign_cookie') {
      const url = input.url_prefix ?? ''
      const verify = (cookie: string) =>
        verifyCloudCdnCookie(toRequest(url, { headers: ['Cookie', cookie] }), verifyOptions)
      assert.equal(verify(expected).urlPrefix, url)
    } else {
      assert.equal(verifyCloudCdn(toRequest(expected), verifyOptions).keyName, input.key_name)
    }
  }
})

test('whatever is signed verifies', () => {
  fc.assert(
    fc.property(anyTarget, (target) => {
      const url = `https://media.example.test${target}`.replaceAll("'", '%27')
      const { keyName, urlPrefix } = verifyCloudCdn(
        toRequest(presignCloudCdn({ ...signer, url }).url),
        options,
      )
      assert.deepEqual([keyName, urlPrefix], ['hallpass-key', null])
    }),
    { numRuns: propertyRuns },
  )
})

test('the host, the scheme and the method count', () => {
  assert.ok(verifyCloudCdn(toRequest(signed, { method: 'HEAD' }), options))
  assertRefused(
    () => verifyCloudCdn(toRequest(signed.replace('media', 'other')), options),
    'signature-mismatch',
  )
  assertRefused(
    () => verifyCloudCdn(toRequest(signed.replace('https', 'http')), options),
    'signature-mismatch',
  )
  assertRefused(
    () => verifyCloudCdn(toRequest(signed, { method: 'PUT' }), options),
    'permission-missing',
  )
  assert.ok(verifyCloudCdn(toRequest(signed, { method: 'PUT' }), { ...options, methods: ['PUT'] }))
  assertRefused(
    () => verifyCloudCdn(toRequest(signed, { headers: ['Host', 'media.example.test'] }), options),
    'parameter-duplicate',
  )
})

test('the last second counts, the moment after it does not', () => {
  const end = now.getTime() + 300_000
  assert.deepEqual(
    verifyCloudCdn(toRequest(signed), { ...options, now: new Date(end) }).expiresAt,
    new Date(end),
  )
  assertRefused(
    () => verifyCloudCdn(toRequest(signed), { ...options, now: new Date(end + 1) }),
    'signature-expired',
  )
})

test('each fault has its own code', () => {
  const verify = (url: string) => verifyCloudCdn(toRequest(url), options)
  assertRefused(() => verify('https://media.example.test/a%20b?x=1'), 'signature-missing')
  assertRefused(
    () => verify(signed.replace('KeyName=hallpass-key', 'KeyName=other')),
    'key-unknown',
  )
  assertRefused(() => verify(signed.replace(/Expires=\d+&/, '')), 'parameter-missing')
  assertRefused(
    () => verify(signed.replace('Expires=', 'Expires=1&Expires=')),
    'parameter-duplicate',
  )
  assertRefused(() => verify(`${signed}&${signed.split('&').at(-1) ?? ''}`), 'parameter-duplicate')
  assertRefused(() => verify(signed.replace('Expires=', 'Expires=%2B')), 'parameter-malformed')
  assertRefused(() => verify(signed.replace('Expires=', '%45xpires=')), 'parameter-malformed')
  assertRefused(() => verify(`${signed}&utm_source=mail`), 'parameter-malformed')
  assertRefused(() => verify(`${signed}&`), 'parameter-malformed')
  assertRefused(() => verify(signed.replace('x=1', 'x=%ff')), 'parameter-malformed')
  for (const length of [0, 1, 27, 29, 64, 10_000]) {
    const forged = signed.replace(/Signature=.*/, `Signature=${'A'.repeat(length)}`)
    assertRefused(() => verify(forged), 'signature-malformed')
  }
  assertRefused(
    () => verifyCloudCdn(toRequest(signed), { ...options, lookup: () => '' }),
    'key-invalid',
  )
})

test('a signature whose padding a client encoded still counts', () => {
  assert.ok(verifyCloudCdn(toRequest(signed.replace(/=$/, '%3D')), options))
})

test('a prefix opens what is below it, whatever other parameters come', () => {
  const prefix = createCloudCdnPrefix({
    ...signer,
    urlPrefix: 'https://media.example.test/videos/',
  })
  const verify = (url: string) => verifyCloudCdn(toRequest(url), options)
  assert.equal(
    verify(prefix.sign('https://media.example.test/videos/1/a.ts?q=1').url).urlPrefix,
    prefix.urlPrefix,
  )
  assert.ok(verify(`https://media.example.test/videos/b?${prefix.query}&segment=2`))
  for (const url of [
    `https://media.example.test/private?${prefix.query}`,
    `https://media.example.test/videos?${prefix.query}`,
    `https://other.example.test/videos/a?${prefix.query}`,
    `http://media.example.test/videos/a?${prefix.query}`,
    `https://media.example.test/videos/..%2fprivate?${prefix.query}`,
    `https://media.example.test/videos/%2e%2e/private?${prefix.query}`,
  ]) {
    assertRefused(() => verify(url), 'resource-mismatch', url)
  }
  const [urlPrefix, ...rest] = prefix.query.split('&')
  assertRefused(
    () => verify(`https://media.example.test/videos/a?${rest.join('&')}&${urlPrefix ?? ''}`),
    'parameter-malformed',
  )
  assertRefused(
    () =>
      verify(
        `https://media.example.test/videos/a?${prefix.query.replace('&Expires', '&x=1&Expires')}`,
      ),
    'parameter-malformed',
  )
})

test('a cookie opens what is below its prefix', () => {
  const cookie = createCloudCdnCookie({
    ...signer,
    urlPrefix: 'https://media.example.test/videos/',
  })
  const pair = `${cookie.name}=${cookie.value}`
  const verify = (url: string, ...headers: string[]) =>
    verifyCloudCdnCookie(toRequest(url, { headers }), options)
  assert.ok(verify('https://media.example.test/videos/1?x', 'Cookie', `a=b; ${pair}; c=d`))
  assertRefused(
    () => verify('https://media.example.test/other', 'Cookie', pair),
    'resource-mismatch',
  )
  assertRefused(() => verify('https://media.example.test/videos/1'), 'signature-missing')
  assertRefused(
    () => verify('https://media.example.test/videos/1', 'Cookie', `${pair}; ${pair}`),
    'parameter-duplicate',
  )
  assertRefused(
    () => verify('https://media.example.test/videos/1', 'Cookie', `${cookie.name}=x`),
    'parameter-malformed',
  )
})

test('a cookie does not verify as a URL, nor a URL as a cookie', () => {
  const cookie = createCloudCdnCookie({ ...signer, urlPrefix: 'https://media.example.test/' })
  const asQuery = cookie.value.replaceAll(':', '&')
  assertRefused(
    () => verifyCloudCdn(toRequest(`https://media.example.test/a?${asQuery}`), options),
    'signature-mismatch',
  )
})
