import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createId, createOrderedId } from '../../src/platform/ids.ts'
import { systemRandom } from '../../src/platform/random.ts'

describe('ids', () => {
  test('are letters and digits after their prefix, and never the same', () => {
    const ids = Array.from({ length: 1000 }, () => createId(systemRandom, 'file_'))
    for (const id of ids) assert.match(id, /^file_[A-Za-z0-9]{22}$/)
    assert.equal(new Set(ids).size, 1000)
  })

  test('of blobs sort by the time they were made', () => {
    const times = [0, 61, 62, 1_800_000_000_000, 1_800_000_000_001, 9_999_999_999_999]
    const ids = times.map((nowMs) => createOrderedId({ now: () => nowMs }, systemRandom, ''))
    for (const id of ids) assert.match(id, /^[A-Za-z0-9]{30}$/)
    assert.deepEqual(
      ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      ids,
    )
  })

  test('of blobs made in the same millisecond differ by as much as any other', () => {
    const clock = { now: () => 5 }
    const ids = Array.from({ length: 1000 }, () =>
      createOrderedId(clock, systemRandom, '').slice(8),
    )
    assert.equal(new Set(ids).size, 1000)
  })
})
