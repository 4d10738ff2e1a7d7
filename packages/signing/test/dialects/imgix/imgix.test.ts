import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../../conformance/lib/any-text.ts'
import { explain } from '../../../src/explain.ts'
import { createImgixSigner, presignImgix, verifyImgix } from '../../../src/imgix.ts'
import type { VerifyImgixOptions } from '../../../src/imgix.ts'
import { assertRefused, bitFlips, propertyRuns, toRequest } from '../cdn-support.ts'

const now = new Date('2026-03-14T10:00:00Z')
const token = 'FOO123bar'
const life = { expiresInSeconds: 300, now }
const END = now.getTime() / 1000 + 300

function verify(url: string, more: Partial<VerifyImgixOptions> = {}): unknown {
  return verifyImgix(toRequest(url), { tokens: [token], now, ...more })
}

/** Made by the service's own library, @imgix/js-core, and without an end. */
const SAMPLES = [
  'https://my-social-network.imgix.net/users/1.png?s=6797c24146142d5b40bde3141fd3600c',
  'https://my-social-network.imgix.net/users/1.png?w=400&h=300&s=c7b86f666a832434dd38577e38cf86d1',
  'https://my-social-network.imgix.net/http%3A%2F%2Favatars.com%2Fjohn-smith.png?s=493a52f008c91416351f8b33d4883135',
  'https://my-social-network.imgix.net/http%3A%2F%2Favatars.com%2Fjohn-smith.png?w=400&h=300&s=61ea1cc7add87653bb0695fe25f2b534',
  'https://my-social-network.imgix.net/my%20file%20(1).png?txt=a%20b%26c&s=c6567b1e56f96b66924e9de9626edf6b',
  'https://my-social-network.imgix.net/%C3%BC/%2B.png?s=cb2857dd52f82a7d77146ff01e9c194b',
]

test('the samples of the service verify, and no longer after any one-bit change', () => {
  for (const url of SAMPLES) {
    assert.deepEqual(verify(url), { expiresAt: null })
    const { target } = toRequest(url)
    for (const changed of bitFlips(target)) {
      assertRefused(
        () => verifyImgix(toRequest(url, { target: changed }), { tokens: [token], now }),
        undefined,
        changed,
      )
    }
    assertRefused(() => verify(url, { requiresEnd: true }), 'parameter-missing')
  }
})

test('whatever is signed verifies until it ends', () => {
  const signer = createImgixSigner({ token, now })
  fc.assert(
    fc.property(fc.array(anyText({ maxLength: 8 }), { maxLength: 3 }), (names) => {
      const path = ['', 'x', ...names].map(encodeURIComponent).join('/')
      const { url, expiresAt } = signer.sign({
        expiresInSeconds: 300,
        url: `https://h.test${path}?w=4`,
      })
      assert.deepEqual(verify(url), { expiresAt })
    }),
    { numRuns: propertyRuns },
  )
  const { url } = signer.sign({ expiresInSeconds: 300, url: 'https://h.test/a.png' })
  assert.match(url, new RegExp(`\\?expires=${END}&s=[0-9a-f]{32}$`))
  verify(url, { now: new Date(END * 1000) })
  assertRefused(() => verify(url, { now: new Date(END * 1000 + 1) }), 'signature-expired')
})

test('another token, two signatures, none, and a write are refused', () => {
  const { url } = presignImgix({ ...life, token, url: 'https://h.test/a.png' })
  assertRefused(() => verify(url, { tokens: ['other'] }), 'signature-mismatch')
  verify(url, { tokens: ['other', token] })
  assertRefused(() => verify(`${url}&s=0`), 'parameter-duplicate')
  assertRefused(() => verify(url.replace(/&s=.*/, '')), 'signature-missing')
  assertRefused(() => verify(url.slice(0, -1)), 'signature-malformed')
  assertRefused(
    () => verifyImgix({ ...toRequest(url), method: 'PUT' }, { tokens: [token], now }),
    'permission-missing',
  )
  assertRefused(() => presignImgix({ ...life, token: '', url }), 'key-invalid')
  assert.throws(() => presignImgix({ ...life, token, url }), TypeError)
})

test('explain finds out what happened to a URL', () => {
  const { url } = presignImgix({ ...life, token, url: 'https://h.imgix.net/my%20a.png?w=400' })
  const first = (text: string, secret = token): string | undefined =>
    explain(
      { method: 'GET', url: text, headers: [] },
      { keys: [{ dialect: 'imgix', secret }], now },
    ).causes[0]?.code
  assert.equal(first(url), 'nothing-found')
  assert.equal(first(url.replace('my%20a', 'my+a')), 'path-plus-for-space')
  assert.equal(first(`${url}&utm_source=x`), 'tracker-parameters')
  assert.equal(first(url.replace('w=400', 'w=400&q=3')), 'parameter-added')
  assert.equal(first(url, 'FOO123bar\n'), 'secret-whitespace')
  assert.equal(first(url, 'other'), 'key-mismatch')
})
