import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLane } from '../../../src/core/shares/lane.ts'
import { StoreError } from '../../../src/platform/store-errors.ts'

test('a lane does so much at a time, the rest in its turn, and no more than may wait', async () => {
  const lane = createLane(2, 3)
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>())
  const begun: number[] = []
  const running = gates.map(({ promise }, index) =>
    lane(async () => {
      begun.push(index)
      await promise
      if (index === 1) throw new Error('broken')
      return index
    }),
  )
  const settled = Promise.allSettled(running)
  assert.deepEqual(begun, [])
  await Promise.resolve()
  assert.deepEqual(begun, [0, 1])
  for (const { resolve } of gates) resolve()
  const outcomes = await settled
  assert.deepEqual(begun, [0, 1, 2, 3, 4])
  assert.deepEqual(
    outcomes.map((one) => (one.status === 'fulfilled' ? one.value : one.status)),
    [0, 'rejected', 2, 3, 4, 'rejected'],
  )
  const [last] = outcomes.slice(-1)
  assert.ok(last?.status === 'rejected' && last.reason instanceof StoreError)
  assert.equal(await lane(() => Promise.resolve('again')), 'again')
})
