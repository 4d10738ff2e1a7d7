import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyTarget } from '../../../../../conformance/lib/any-text.ts'
import {
  createMediaCdnCookie,
  createMediaCdnPath,
  createMediaCdnPrefix,
  presignMediaCdn,
  verifyMediaCdn,
  verifyMediaCdnAsync,
  verifyMediaCdnCookie,
  verifyMediaCdnCookieAsync,
} from '../../../src/media-cdn.ts'
import {
  assertRefused,
  bitFlips,
  googleCdnVectors,
  propertyRuns,
  toRequest,
} from '../cdn-support.ts'

const key = 'aGFsbHBhc3MgZmFrZSBlZDI1NTE5IHNlZWQgMDAwMDE='
const publicKey = 'ISEwOBemGkSJWf3TC1a0dK25mtHcKYxS_9R5dthfyrg'
const now = new Date('2026-03-14T10:00:00Z')
const signer = { keyName: 'hallpass-key', key, expiresInSeconds: 300, now }
const options = {
  lookup: (keyName: string) => (keyName === 'hallpass-key' ? publicKey : null),
  now,
}
// One bit of the value and one of the case of each character: Ed25519 is too slow for all seven.
const bits = [0, 5]

/** The public half of a seed, by Node alone. */
function publicHalf(seed: string): string {
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(seed, 'base64url'),
  ])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return createPublicKey(privateKey).export({ format: 'jwk' }).x ?? ''
}

test("Google's samples verify", async () => {
  const sampled = googleCdnVectors('media-cdn')
  assert.ok(sampled.length >= 8)
  for (const { function: name, input, expected } of sampled) {
    const verifyOptions = {
      lookup: () => publicHalf(input.base64_key),
      now: new Date((input.expiration ?? 0) * 1000),
    }
    if (name === 'sign_cookie') {
      const toCookieRequest = (cookie: string) =>
        toRequest(input.url_prefix ?? '', { headers: ['Cookie', cookie] })
      const verified = verifyMediaCdnCookie(toCookieRequest(expected), verifyOptions)
      assert.deepEqual([verified.form, verified.urlPrefix], ['cookie', input.url_prefix])
      assert.deepEqual(
        await verifyMediaCdnCookieAsync(toCookieRequest(expected), verifyOptions),
        verified,
      )
      continue
    }
    const verified = verifyMediaCdn(toRequest(expected), verifyOptions)
    assert.equal(verified.form, name === 'sign_url' ? 'url' : 'prefix')
    assert.deepEqual(await verifyMediaCdnAsync(toRequest(expected), verifyOptions), verified)
  }
})

test('whatever is signed verifies', () => {
  fc.assert(
    fc.property(anyTarget, (target) => {
      const url = `https://media.example.test${target}`.replaceAll("'", '%27')
      assert.equal(
        verifyMediaCdn(toRequest(presignMediaCdn({ ...signer, url }).url), options).form,
        'url',
      )
    }),
    { numRuns: Math.ceil(propertyRuns / 5) },
  )
})

test('a path opens what is below it, and no longer after a one-bit change', () => {
  const path = createMediaCdnPath({ ...signer, urlPrefix: 'https://media.example.test/content/' })
  const { url } = path.sign('https://media.example.test/content/a/b.m3u8?x=1')
  const verified = verifyMediaCdn(toRequest(url), options)
  assert.deepEqual([verified.form, verified.urlPrefix], ['path', path.urlPrefix])
  const sibling = url.replace('a/b.m3u8?x=1', 'c/segment-7.ts')
  assert.ok(verifyMediaCdn(toRequest(sibling), options))
  const { target } = toRequest(url)
  for (const changed of bitFlips(target, { end: target.indexOf('/a/b.m3u8'), bits })) {
    assertRefused(
      () => verifyMediaCdn(toRequest(url, { target: changed }), options),
      undefined,
      changed,
    )
  }
  assertRefused(
    () => verifyMediaCdn(toRequest(url.replace('/a/', '/../../private/')), options),
    'resource-mismatch',
  )
  assertRefused(
    () => verifyMediaCdn(toRequest(url.replace(/\/a\/.*/, '')), options),
    'parameter-malformed',
  )
  assertRefused(
    () => verifyMediaCdn(toRequest(`${url}&Signature=x`), options),
    'credentials-ambiguous',
  )
  assertRefused(
    () => verifyMediaCdn(toRequest(url.replace('/a/', `/${path.signedPart}`)), options),
    'parameter-duplicate',
  )
})

test('every public key of the keyset is tried', () => {
  const { url } = presignMediaCdn({ ...signer, url: 'https://media.example.test/a' })
  const other = publicHalf('BxwXXNjeGaoWqjr7GHEymRJkP4SaOC12dTGixk7Yr8I=')
  const verify = (...keys: string[]) =>
    verifyMediaCdn(toRequest(url), { ...options, lookup: () => keys })
  assert.ok(verify(other, publicKey))
  assertRefused(() => verify(other), 'signature-mismatch')
  assertRefused(() => verify(), 'key-unknown')
  assertRefused(() => verify('AAAA'), 'key-invalid')
})

test('each fault has its own code', async () => {
  const { url } = presignMediaCdn({ ...signer, url: 'https://media.example.test/a?x=1' })
  const verify = (changed: string) => verifyMediaCdn(toRequest(changed), options)
  assertRefused(() => verify('https://media.example.test/a'), 'signature-missing')
  assertRefused(() => verify(url.replace('hallpass-key', 'other')), 'key-unknown')
  assertRefused(() => verify(url.replace(/Expires=\d+&/, '')), 'parameter-missing')
  assertRefused(() => verify(url.replace('x=1', 'Expires=1')), 'parameter-duplicate')
  assertRefused(() => verify(url.slice(0, -2)), 'signature-malformed')
  for (const length of [0, 1, 86, 87, 89, 10_000]) {
    assertRefused(
      () => verify(url.replace(/Signature=.*/, `Signature=${'A'.repeat(length)}`)),
      'signature-malformed',
    )
  }
  assertRefused(
    () => verifyMediaCdn(toRequest(url, { method: 'DELETE' }), options),
    'permission-missing',
  )
  const late = { ...options, now: new Date(now.getTime() + 300_001) }
  assertRefused(() => verifyMediaCdn(toRequest(url), late), 'signature-expired')
  await assert.rejects(verifyMediaCdnAsync(toRequest(url), late), { code: 'signature-expired' })
  await assert.rejects(verifyMediaCdnAsync(toRequest(url.replace('/a', '/b')), options), {
    code: 'signature-mismatch',
  })
})

test('a prefix and a cookie open what is below them only', () => {
  const prefix = createMediaCdnPrefix({ ...signer, urlPrefix: 'https://media.example.test/v/' })
  assert.ok(verifyMediaCdn(toRequest(prefix.sign('https://media.example.test/v/1').url), options))
  assertRefused(
    () => verifyMediaCdn(toRequest(`https://media.example.test/w/1?${prefix.signedPart}`), options),
    'resource-mismatch',
  )
  const cookie = createMediaCdnCookie({ ...signer, urlPrefix: 'https://media.example.test/v/' })
  const headers = ['Cookie', `${cookie.name}=${cookie.value}`]
  assert.ok(verifyMediaCdnCookie(toRequest('https://media.example.test/v/1', { headers }), options))
  assertRefused(
    () => verifyMediaCdnCookie(toRequest('https://media.example.test/w/1', { headers }), options),
    'resource-mismatch',
  )
  assertRefused(
    () => verifyMediaCdnCookie(toRequest('https://media.example.test/v/1'), options),
    'signature-missing',
  )
})
