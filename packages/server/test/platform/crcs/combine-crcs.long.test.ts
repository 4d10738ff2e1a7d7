import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { combineCrcs } from '../../../src/platform/crcs/combine-crcs.ts'
import { digestOf } from '../../../src/core/files/checksums.ts'

const ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme'] as const

test('the CRC of pieces is the CRC of the whole, however it was cut', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 })
  fc.assert(
    fc.property(pieces, fc.constantFrom(...ALGORITHMS), (parts, algorithm) => {
      const combined = combineCrcs(
        algorithm,
        parts.map((bytes) => ({ crc: digestOf(algorithm, bytes), size: bytes.length })),
      )
      assert.deepEqual(
        Buffer.from(combined),
        Buffer.from(digestOf(algorithm, Buffer.concat(parts))),
      )
    }),
  )
})

test('ten thousand pieces of one size and a last one come to the same', () => {
  const piece = Buffer.from('0123456789abcdef')
  const last = Buffer.from('end')
  for (const algorithm of ALGORITHMS) {
    const one = { crc: digestOf(algorithm, piece), size: piece.length }
    const pieces = [
      ...Array.from({ length: 9999 }, () => one),
      { crc: digestOf(algorithm, last), size: last.length },
    ]
    const whole = Buffer.concat([...Array.from({ length: 9999 }, () => piece), last])
    const combined = combineCrcs(algorithm, pieces)
    assert.deepEqual(Buffer.from(combined), Buffer.from(digestOf(algorithm, whole)))
  }
})

test('the CRC of a piece of gigabytes takes no longer to move than that of a small one', () => {
  const crc = digestOf('crc64nvme', Buffer.from('a'))
  const moved = combineCrcs('crc64nvme', [
    { crc, size: 1 },
    { crc: digestOf('crc64nvme', new Uint8Array(0)), size: 0 },
  ])
  assert.deepEqual(Buffer.from(moved), Buffer.from(crc))
  const far = combineCrcs('crc64nvme', [{ crc, size: 5 * 1024 ** 4 }])
  assert.deepEqual(Buffer.from(far), Buffer.from(crc))
})
