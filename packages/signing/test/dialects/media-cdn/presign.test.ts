import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createMediaCdnCookie,
  createMediaCdnCookieAsync,
  createMediaCdnPath,
  createMediaCdnPathAsync,
  createMediaCdnPrefix,
  createMediaCdnPrefixAsync,
  presignMediaCdn,
  presignMediaCdnAsync,
} from '../../../src/media-cdn.ts'
import { cdnTokenVectors, googleCdnVectors } from '../cdn-support.ts'

interface Args {
  readonly product: string
  readonly keyName: string
  readonly key: string
  readonly expires: number
  readonly url: string
  readonly prefix: string
  readonly filename: string
}

const signer = {
  keyName: 'hallpass-key',
  key: 'aGFsbHBhc3MgZmFrZSBlZDI1NTE5IHNlZWQgMDAwMDE=',
  expiresAt: new Date('2026-03-14T10:05:00Z'),
}

test("Google's sample URLs, prefixes and cookies come out byte for byte", async () => {
  for (const { function: name, input, expected } of googleCdnVectors('media-cdn')) {
    const { url = '', url_prefix: urlPrefix = '', key_name: keyName = '' } = input
    const expiresAt = new Date((input.expiration ?? 0) * 1000)
    const options = { keyName, key: input.base64_key, expiresAt }
    if (name === 'sign_url') {
      assert.equal(presignMediaCdn({ ...options, url }).url, expected)
      assert.equal((await presignMediaCdnAsync({ ...options, url })).url, expected)
    } else if (name === 'sign_url_prefix') {
      assert.equal(createMediaCdnPrefix({ ...options, urlPrefix }).sign(url).url, expected)
      const prefix = await createMediaCdnPrefixAsync({ ...options, urlPrefix })
      assert.equal(prefix.sign(url).url, expected)
    } else {
      const cookie = createMediaCdnCookie({ ...options, urlPrefix })
      assert.equal(`${cookie.name}=${cookie.value}`, expected)
      assert.deepEqual(await createMediaCdnCookieAsync({ ...options, urlPrefix }), cookie)
    }
  }
})

test('the reference vectors come out byte for byte', () => {
  for (const kind of ['google-url', 'google-prefix', 'google-cookie'] as const) {
    for (const { id, inputs, expected } of cdnTokenVectors<Args>(kind)) {
      const { product, keyName, key, expires, url, prefix: urlPrefix } = inputs.args
      if (product !== 'media-cdn') continue
      const options = { keyName, key, expiresAt: new Date(expires * 1000) }
      if (kind === 'google-url') {
        assert.equal(presignMediaCdn({ ...options, url }).url, expected.url, id)
      } else if (kind === 'google-prefix') {
        assert.equal(createMediaCdnPrefix({ ...options, urlPrefix }).sign(url).url, expected.url)
      } else {
        const cookie = createMediaCdnCookie({ ...options, urlPrefix })
        assert.equal(`${cookie.name}=${cookie.value}`, expected.cookie, id)
      }
    }
  }
})

test('paths come out byte for byte', async () => {
  for (const { inputs, expected } of cdnTokenVectors<Args>('media-path')) {
    const { prefix: urlPrefix, filename, keyName, key, expires } = inputs.args
    const options = { keyName, key, expiresAt: new Date(expires * 1000), urlPrefix }
    const url = urlPrefix + filename
    assert.equal(createMediaCdnPath(options).sign(url).url, expected.url)
    assert.equal((await createMediaCdnPathAsync(options)).sign(url).url, expected.url)
  }
  const samples = googleCdnVectors('media-cdn-token').filter(
    (vector) => vector.function === 'sign_path_component',
  )
  assert.equal(samples.length, 1)
  for (const { input, expected } of samples) {
    const urlPrefix = input.url_prefix ?? ''
    const path = createMediaCdnPath({
      keyName: input.key_name ?? '',
      key: input.base64_key,
      expiresAt: new Date((input.expiration_time ?? 0) * 1000),
      urlPrefix,
    })
    assert.equal(path.sign(urlPrefix + (input.filename ?? '')).url, expected)
  }
})

test('keys of another kind are refused', () => {
  const url = 'https://media.example.test/a'
  for (const key of [
    '',
    'AAAA',
    '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  ]) {
    assert.throws(() => presignMediaCdn({ ...signer, key, url }), { code: 'key-invalid' })
  }
})

test('a path needs a prefix that ends with a slash, and signs only what lies below it', () => {
  for (const urlPrefix of ['https://media.example.test', 'https://media.example.test/a']) {
    assert.throws(() => createMediaCdnPath({ ...signer, urlPrefix }), TypeError)
  }
  const path = createMediaCdnPath({ ...signer, urlPrefix: 'https://media.example.test/a/' })
  assert.throws(() => path.sign('https://media.example.test/b/c'), RangeError)
  assert.throws(() => path.sign('https://media.example.test/a/../c'), TypeError)
  assert.throws(() => path.sign('https://media.example.test/a/..%2fc'), RangeError)
  assert.ok(path.sign('https://media.example.test/a/c?x=1').url.endsWith('/c?x=1'))
})
