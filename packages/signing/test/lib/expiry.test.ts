import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  assertNotExpired,
  assertStarted,
  parseEpochSeconds,
  resolveExpiry,
} from '../../src/lib/expiry.ts'

const now = new Date('2026-03-14T09:26:53.589Z')

test('an expiry is given as a life or as a moment, and never both', () => {
  assert.equal(resolveExpiry({ expiresInSeconds: 60, now }), 1773480473)
  assert.equal(resolveExpiry({ expiresAt: now }), 1773480413)
  assert.throws(() => resolveExpiry({ now }), /exactly one of expiresInSeconds and expiresAt/)
  // @ts-expect-error Two ends.
  assert.throws(() => resolveExpiry({ expiresInSeconds: 60, expiresAt: now }), TypeError)
  for (const expiresInSeconds of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e15]) {
    assert.throws(() => resolveExpiry({ expiresInSeconds, now }), RangeError, `${expiresInSeconds}`)
  }
  assert.throws(() => resolveExpiry({ expiresAt: new Date(Number.NaN) }), RangeError)
})

test('epoch seconds are plain digits', () => {
  assert.equal(parseEpochSeconds('1773480413', 'exp'), 1773480413)
  for (const text of ['', '+1', '-1', '1e3', '0x10', '1.0', ' 1', '01', '１', '9'.repeat(13)]) {
    assert.throws(() => parseEpochSeconds(text, 'exp'), { code: 'parameter-malformed' }, text)
  }
})

test('the last second counts, the first moment after it does not', () => {
  assertNotExpired(1773480413, new Date(1773480413000))
  assert.throws(() => assertNotExpired(1773480413, new Date(1773480413001)), {
    code: 'signature-expired',
  })
  assertStarted(1773480413, new Date(1773480413000))
  assert.throws(() => assertStarted(1773480413, new Date(1773480412999)), {
    code: 'signature-not-yet-valid',
  })
})
