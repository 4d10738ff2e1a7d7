import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChecksum, DIGEST_BYTES, digestOf } from '../../../src/core/files/checksums.ts'

// The check values of the CRC catalogue, for the digits 1 to 9.
const CHECK_VALUES = {
  md5: '25f9e794323b453885f5181f1b624d0b',
  sha1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  crc32: 'cbf43926',
  crc32c: 'e3069283',
  crc64nvme: 'ae8b14860a799888',
} as const

const ALGORITHMS = ['md5', 'sha1', 'sha256', 'crc32', 'crc32c', 'crc64nvme'] as const

test('every checksum gives its published check value, at once and in pieces', () => {
  const bytes = Buffer.from('123456789')
  for (const algorithm of ALGORITHMS) {
    assert.equal(Buffer.from(digestOf(algorithm, bytes)).toString('hex'), CHECK_VALUES[algorithm])
    const running = createChecksum(algorithm)
    for (const byte of bytes) running.update(Uint8Array.of(byte))
    const digest = Buffer.from(running.digest())
    assert.equal(digest.toString('hex'), CHECK_VALUES[algorithm], algorithm)
    assert.equal(digest.length, DIGEST_BYTES[algorithm])
  }
})

test('a checksum does not depend on the pieces in which the bytes come', () => {
  const bytes = Buffer.from(Array.from({ length: 4099 }, (_, index) => (index * 167 + 13) % 256))
  for (const algorithm of ALGORITHMS) {
    const whole = Buffer.from(digestOf(algorithm, bytes)).toString('hex')
    for (const size of [1, 2, 3, 5, 7, 64, 1021, 4098]) {
      const running = createChecksum(algorithm)
      for (let at = 0; at < bytes.length; at += size) running.update(bytes.subarray(at, at + size))
      assert.equal(Buffer.from(running.digest()).toString('hex'), whole, `${algorithm} by ${size}`)
    }
  }
})
