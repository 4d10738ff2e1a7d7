import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BRAID_BYTES } from '../../../src/platform/crcs/braided-loop.ts'
import { CRCS } from '../../../src/platform/crcs/polynomials.ts'
import type { CrcAlgorithm } from '../../../src/platform/crcs/polynomials.ts'
import { createRunningCrc } from '../../../src/platform/crcs/running-crc.ts'

const ALGORITHMS: readonly CrcAlgorithm[] = ['crc32', 'crc32c', 'crc64nvme']
/** More than the loop has room for at once. */
const LARGE = 65_536 + 3 * BRAID_BYTES + 7

/** Bit after bit, as the polynomial says. */
function crcOf(algorithm: CrcAlgorithm, bytes: Uint8Array): string {
  const { width, polynomial } = CRCS[algorithm]
  const inverted = (1n << BigInt(width)) - 1n
  let sum = inverted
  for (const byte of bytes) {
    sum ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1n ? (sum >> 1n) ^ polynomial : sum >> 1n
  }
  return (sum ^ inverted).toString(16).padStart(width / 4, '0')
}

function running(algorithm: CrcAlgorithm, pieces: readonly Uint8Array[]): string {
  const crc = createRunningCrc(algorithm)
  for (const piece of pieces) crc.update(piece)
  return Buffer.from(crc.digest()).toString('hex')
}

const bytes = Uint8Array.from({ length: LARGE }, (_, index) => (index * 167 + (index >> 8)) % 256)

for (const algorithm of ALGORITHMS) {
  test(`${algorithm} of every length around the braids is what its polynomial says`, () => {
    for (let length = 0; length <= 4 * BRAID_BYTES; length += 1) {
      const body = bytes.subarray(1, 1 + length)
      assert.equal(running(algorithm, [body]), crcOf(algorithm, body), `${length} bytes`)
    }
  })

  test(`${algorithm} of more than the loop has room for, whole and in two, and what was given is left as it was`, () => {
    const given = Uint8Array.from(bytes)
    const expected = crcOf(algorithm, bytes)
    assert.equal(running(algorithm, [given]), expected)
    const halves = [given.subarray(0, 1001), given.subarray(1001)]
    assert.equal(running(algorithm, halves), expected)
    assert.deepEqual(given, bytes)
  })
}
