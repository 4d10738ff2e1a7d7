import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBufferPool } from '../../src/http/buffer-pool.ts'

test('a buffer that is given back is the next one taken', () => {
  const pool = createBufferPool(1024, 1)
  const [first, second] = [pool.take(), pool.take()]
  pool.giveBack(first)
  pool.giveBack(second)
  assert.equal(pool.take(), first)
  assert.notEqual(pool.take(), second)
})

test('a crowd gets small buffers, and full ones again once it is gone', () => {
  const pool = createBufferPool(1024, 1, { maxFull: 2, bytesBeyond: 16 })
  const taken = Array.from({ length: 1000 }, () => pool.take())
  const sizes = taken.map(({ byteLength }) => byteLength)
  assert.deepEqual(sizes.slice(0, 3), [1024, 1024, 16])
  assert.equal(
    sizes.reduce((sum, size) => sum + size),
    2 * 1024 + 998 * 16,
  )
  for (const buffer of taken) pool.giveBack(buffer)
  const again = [pool.take(), pool.take(), pool.take()]
  assert.deepEqual(
    again.map(({ byteLength }) => byteLength),
    [1024, 1024, 16],
  )
})
