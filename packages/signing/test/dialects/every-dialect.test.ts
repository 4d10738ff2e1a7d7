import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isSigningError } from '../../src/errors.ts'
import type { PresignedRequest, RawRequest } from '../../src/types.ts'
import { EVERY_DIALECT, EVERY_PREFIX } from './every-dialect.ts'

const NOW = new Date('2026-03-14T09:26:53Z')
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000)

function toRequest({ url, method }: PresignedRequest): RawRequest {
  const { host, pathname, search } = new URL(url)
  return { method, target: pathname + search, headers: ['Host', host] }
}

for (const { createSigner, createVerifier, name } of EVERY_DIALECT) {
  suite(`every dialect: ${name}`, () => {
    test('a life in seconds and a moment make the same URL', () => {
      const signer = createSigner({ now: NOW })
      const signed = signer.sign({ expiresInSeconds: 300 })
      assert.deepEqual(signer.sign({ expiresAt: later(300) }), signed)
      assert.equal(Math.ceil(signed.expiresAt.getTime() / 1000), later(300).getTime() / 1000)
    })

    test('the clock of a signer and verifier may be a function, asked at each use', () => {
      let now = NOW
      const clock = { now: () => now }
      const signer = createSigner(clock)
      const verifier = createVerifier(clock)
      const signed = signer.sign({ expiresInSeconds: 300 })
      const request = toRequest(signed)
      assert.deepEqual(verifier.verify(request).expiresAt, signed.expiresAt)
      now = later(400)
      assert.throws(
        () => verifier.verify(request),
        (error) => isSigningError(error) && error.code === 'signature-expired',
      )
      assert.notEqual(signer.sign({ expiresInSeconds: 300 }).url, signed.url)
    })

    test('the clock of a call comes first, and has a name', () => {
      const signer = createSigner({ now: later(-9000) })
      const verifier = createVerifier({ now: later(9000) })
      const signed = signer.sign({ expiresInSeconds: 300, now: NOW })
      assert.deepEqual(signed, createSigner({ now: NOW }).sign({ expiresInSeconds: 300 }))
      const request = toRequest(signed)
      assert.ok(verifier.verify(request, { now: () => later(10) }))
      assert.throws(() => verifier.verify(request), isSigningError)
      const unnamed = later(10) as unknown as { now: Date }
      assert.throws(() => verifier.verify(request, unnamed), { name: 'TypeError', message: /now/ })
    })

    test('many are signed in their order, as each by itself', () => {
      const signer = createSigner({ now: NOW })
      const lives = [1, 2, 300].map((expiresInSeconds) => ({ expiresInSeconds }))
      assert.deepEqual(
        signer.signAll(lives),
        lives.map((life) => signer.sign(life)),
      )
      assert.deepEqual(signer.signAll([]), [])
    })

    test('an end that is doubled, past or no date, and a clock that is none, are named', () => {
      const signer = createSigner({ now: NOW })
      // @ts-expect-error Two ends.
      assert.throws(() => signer.sign({ expiresInSeconds: 1, expiresAt: later(1) }), {
        name: 'TypeError',
        message: /expiresInSeconds and expiresAt/,
      })
      assert.throws(() => signer.sign({ expiresInSeconds: 1.5 }), /expiresInSeconds/)
      const text = '2026-03-15' as unknown as Date
      assert.throws(() => signer.sign({ expiresAt: text }), {
        name: 'TypeError',
        message: /expiresAt/,
      })
      assert.throws(() => signer.sign({ expiresInSeconds: 1, now: text }), {
        name: 'TypeError',
        message: /now/,
      })
      assert.throws(() => signer.sign({ expiresInSeconds: 1, now: new Date(NaN) }), {
        name: 'RangeError',
        message: /now/,
      })
    })
  })
}

for (const { name, prefix, urls } of EVERY_PREFIX) {
  test(`one signature for many: ${name} signs a list as it signs one`, () => {
    const signed = prefix.signAll(urls)
    assert.deepEqual(
      signed,
      urls.map((url) => prefix.sign(url)),
    )
    for (const { expiresAt } of signed) assert.deepEqual(expiresAt, prefix.expiresAt)
    assert.throws(
      () => prefix.signAll([...urls, 'https://elsewhere.example.test/v1/b/c/d']),
      RangeError,
    )
  })
}
