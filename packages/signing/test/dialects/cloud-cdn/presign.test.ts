import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createCloudCdnCookie,
  createCloudCdnPrefix,
  presignCloudCdn,
} from '../../../src/cloud-cdn.ts'
import { cdnTokenVectors, googleCdnVectors } from '../cdn-support.ts'

interface Args {
  readonly product: string
  readonly keyName: string
  readonly key: string
  readonly expires: number
  readonly url: string
  readonly prefix: string
}

const signer = {
  keyName: 'hallpass-key',
  key: 'aGFsbHBhc3MgZmFrZSAxNg==',
  expiresInSeconds: 300,
  now: new Date('2026-03-14T10:00:00Z'),
}

test("Google's sample URLs, prefixes and cookies come out byte for byte", () => {
  for (const { function: name, input, expected } of googleCdnVectors('cloud-cdn')) {
    const { url = '', url_prefix: urlPrefix = '', key_name: keyName = '' } = input
    const expiresAt = new Date((input.expiration ?? 0) * 1000)
    const options = { keyName, key: input.base64_key, expiresAt }
    if (name === 'sign_url') assert.equal(presignCloudCdn({ ...options, url }).url, expected)
    if (name === 'sign_url_prefix') {
      assert.equal(createCloudCdnPrefix({ ...options, urlPrefix }).sign(url).url, expected)
    }
    if (name === 'sign_cookie') {
      const cookie = createCloudCdnCookie({ ...options, urlPrefix })
      assert.equal(`${cookie.name}=${cookie.value}`, expected)
    }
  }
})

test('the reference vectors come out byte for byte', () => {
  const kinds = ['google-url', 'google-prefix', 'google-cookie'] as const
  for (const kind of kinds) {
    for (const { id, inputs, expected } of cdnTokenVectors<Args>(kind)) {
      const { product, keyName, key, expires, url, prefix: urlPrefix } = inputs.args
      if (product !== 'cloud-cdn') continue
      const options = { keyName, key, expiresAt: new Date(expires * 1000) }
      if (kind === 'google-url')
        assert.equal(presignCloudCdn({ ...options, url }).url, expected.url, id)
      if (kind === 'google-prefix') {
        assert.equal(
          createCloudCdnPrefix({ ...options, urlPrefix }).sign(url).url,
          expected.url,
          id,
        )
      }
      if (kind === 'google-cookie') {
        const cookie = createCloudCdnCookie({ ...options, urlPrefix })
        assert.equal(`${cookie.name}=${cookie.value}`, expected.cookie, id)
      }
    }
  }
})

test('what is returned says how long it works and how to send it', () => {
  const signed = presignCloudCdn({ ...signer, url: 'https://media.example.test/a' })
  assert.equal(signed.method, 'GET')
  assert.deepEqual(signed.headers, {})
  assert.deepEqual(signed.expiresAt, new Date('2026-03-14T10:05:00Z'))
  const cookie = createCloudCdnCookie({
    ...signer,
    urlPrefix: 'https://media.example.test/videos/id',
  })
  assert.match(
    cookie.setCookie,
    /; Path=\/videos\/; Expires=Sat, 14 Mar 2026 10:05:00 GMT; HttpOnly; Secure$/,
  )
})

test('keys and names that cannot be are refused', () => {
  const url = 'https://media.example.test/a'
  for (const key of ['', 'AAAA', 'not base64!', 'aGFsbHBhc3MgZmFrZSAxNzE3MQ==']) {
    assert.throws(() => presignCloudCdn({ ...signer, key, url }), { code: 'key-invalid' })
  }
  assert.throws(() => presignCloudCdn({ ...signer, keyName: 'a&b', url }), TypeError)
  assert.throws(() => presignCloudCdn({ ...signer, url: `${url}?Expires=1` }), TypeError)
  assert.throws(() => presignCloudCdn({ ...signer, url: `${url}?%45xpires=1` }), TypeError)
})

test('a prefix signs only what lies below it', () => {
  const prefix = createCloudCdnPrefix({
    ...signer,
    urlPrefix: 'https://media.example.test/videos/',
  })
  assert.ok(prefix.sign('https://media.example.test/videos/a?x=1').url.endsWith(prefix.query))
  for (const url of [
    'https://media.example.test/private/a',
    'http://media.example.test/videos/a',
    'https://media.example.test/videos/..%2fprivate/a',
    'https://media.example.test/?https://media.example.test/videos/',
  ]) {
    assert.throws(() => prefix.sign(url), RangeError, url)
  }
  const host = createCloudCdnPrefix({ ...signer, urlPrefix: 'https://media.example.test' })
  assert.throws(() => host.sign('https://media.example.test.attacker.test/'), RangeError)
  for (const urlPrefix of [
    'media.example.test/',
    'https://h/?a',
    'https://h/a/../b',
    'https://h/#a',
  ]) {
    assert.throws(() => createCloudCdnPrefix({ ...signer, urlPrefix }), TypeError, urlPrefix)
  }
})
