import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { addPiece, isWhole, overlaps } from '../../../src/catalog/decisions/pieces.ts'
import type { Piece } from '../../../src/catalog/decisions/pieces.ts'

const SIZE = 40
const piece = fc
  .tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1))
  .map(([a, b]): Piece => [Math.min(a, b), Math.max(a, b)])

function bytesOf([start, end]: Piece): number[] {
  return Array.from({ length: end - start + 1 }, (_, at) => start + at)
}

test('pieces hold what was added, in order, and neither touch nor overlap', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), piece, (added, asked) => {
      const pieces = added.reduce<readonly Piece[]>(addPiece, [])
      const held = new Set(added.flatMap(bytesOf))
      assert.deepEqual(
        pieces.flatMap(bytesOf),
        [...held].toSorted((a, b) => a - b),
      )
      for (const [at, [start]] of pieces.entries()) {
        assert.ok(at === 0 || start > (pieces[at - 1]?.[1] ?? 0) + 1)
      }
      assert.equal(
        overlaps(pieces, asked),
        bytesOf(asked).some((byte) => held.has(byte)),
      )
      assert.equal(isWhole(pieces, SIZE), held.size === SIZE)
    }),
  )
})

test('a file of no bytes is whole before anything came', () => {
  assert.equal(isWhole([], 0), true)
  assert.equal(isWhole(addPiece([], [0, -1]), 0), true)
})

test('so many pieces that they would fill a record are kept as fewer, which hold more and never less', () => {
  let pieces: readonly Piece[] = []
  for (let start = 0; start < 2000; start += 2) pieces = addPiece(pieces, [start, start])
  assert.ok(pieces.length <= 64)
  for (let start = 0; start < 2000; start += 2) assert.ok(overlaps(pieces, [start, start]))
})
