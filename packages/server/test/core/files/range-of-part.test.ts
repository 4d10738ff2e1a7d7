import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '../../../src/core/errors.ts'
import { rangeOfPart } from '../../../src/core/files/range-of-part.ts'

test('parts lie one after the other, empty ones too', () => {
  const file = { size: 12, partSizes: [5, 0, 7, 0] }
  assert.deepEqual(
    [1, 2, 3, 4].map((number) => rangeOfPart(file, number)),
    [
      { start: 0, end: 4 },
      { start: 5, end: 4 },
      { start: 5, end: 11 },
      { start: 12, end: 11 },
    ],
  )
})

test('a file in one piece is its first part, and has no other', () => {
  assert.deepEqual(rangeOfPart({ size: 3, partSizes: [] }, 1), { start: 0, end: 2 })
  assert.equal(rangeOfPart({ size: 0, partSizes: [] }, 1), null)
  assert.equal(rangeOfPart({ size: 0, partSizes: [0] }, 1), null)
  for (const [file, number] of [
    [{ size: 3, partSizes: [] }, 2],
    [{ size: 3, partSizes: [1, 2] }, 3],
  ] as const) {
    assert.throws(
      () => rangeOfPart(file, number),
      (error) => isRefusal(error, 'part-not-satisfiable'),
    )
  }
})
