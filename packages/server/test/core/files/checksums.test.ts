import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ChecksumAlgorithm } from '../../../src/catalog/records.ts'
import {
  CHECKSUM_ALGORITHMS,
  createChecksum,
  DIGEST_BYTES,
  digestOf,
  loadChecksums,
} from '../../../src/core/files/checksums.ts'

// The check values of the CRC catalogue, for the digits 1 to 9; those of xxHash as its own program gives them.
const CHECK_VALUES = {
  md5: '25f9e794323b453885f5181f1b624d0b',
  sha1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  sha512:
    'd9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85',
  crc32: 'cbf43926',
  crc32c: 'e3069283',
  crc64nvme: 'ae8b14860a799888',
  xxhash64: '8cb841db40e6ae83',
  xxhash3: '72dcb18b67a17dff',
  xxhash128: '33119477ede5dcd5e9716427681d5860',
} as const satisfies Record<ChecksumAlgorithm, string>

before(() => loadChecksums(CHECKSUM_ALGORITHMS))

test('every checksum gives its published check value, at once and in pieces', () => {
  const bytes = Buffer.from('123456789')
  for (const algorithm of CHECKSUM_ALGORITHMS) {
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
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const whole = Buffer.from(digestOf(algorithm, bytes)).toString('hex')
    for (const size of [1, 2, 3, 5, 7, 64, 1021, 4098]) {
      const running = createChecksum(algorithm)
      for (let at = 0; at < bytes.length; at += size) running.update(bytes.subarray(at, at + size))
      assert.equal(Buffer.from(running.digest()).toString('hex'), whole, `${algorithm} by ${size}`)
    }
  }
})

test('bodies that are summed up at once do not mix', () => {
  const bodies = ['one', 'another', ''].map((text) => Buffer.from(text))
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const running = bodies.map((body) => ({ body, sum: createChecksum(algorithm) }))
    for (let at = 0; at < 8; at += 1) {
      for (const { body, sum } of running) sum.update(body.subarray(at, at + 1))
    }
    for (const { body, sum } of running) {
      assert.deepEqual(Buffer.from(sum.digest()), Buffer.from(digestOf(algorithm, body)), algorithm)
    }
  }
})
