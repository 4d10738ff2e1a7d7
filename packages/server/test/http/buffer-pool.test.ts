import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBufferPool } from '../../src/http/buffer-pool.ts'

test('a buffer that is given back is the next one taken', () => {
  const largest = { bytes: 1024, atMost: 8 }
  const pool = createBufferPool(1, { largest, middle: [], smallestBytes: 16 })
  const [first, second] = [pool.take(), pool.take()]
  pool.giveBack(first)
  pool.giveBack(second)
  assert.equal(pool.take(), first)
  assert.notEqual(pool.take(), second)
})

test('the larger a crowd, the smaller its buffers, and full ones again once it is gone', () => {
  const largest = { bytes: 1024, atMost: 2 }
  const pool = createBufferPool(1, {
    largest,
    middle: [{ bytes: 256, atMost: 1 }],
    smallestBytes: 16,
  })
  const taken = Array.from({ length: 1000 }, () => pool.take())
  const sizes = taken.map(({ byteLength }) => byteLength)
  assert.deepEqual(sizes.slice(0, 5), [1024, 1024, 256, 16, 16])
  assert.equal(
    sizes.reduce((sum, size) => sum + size),
    2 * 1024 + 256 + 997 * 16,
  )
  for (const buffer of taken) pool.giveBack(buffer)
  const again = [pool.take(), pool.take(), pool.take(), pool.take()]
  assert.deepEqual(
    again.map(({ byteLength }) => byteLength),
    [1024, 1024, 256, 16],
  )
})
