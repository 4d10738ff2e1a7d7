import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GrantTally } from '../../../src/catalog/catalog.ts'
import { createUseTally } from '../../../src/core/links/use-tally.ts'
import { createLog } from '../../../src/platform/log.ts'

const log = createLog('silent')

function one(id: string, bytes: number): GrantTally {
  return { id, uses: 1, bytes, lastUsedAt: bytes, lastUsedIp: '203.0.113.9' }
}

test('what was counted since the last time is written once, a line a link', async () => {
  const written: GrantTally[][] = []
  const tally = createUseTally({
    grants: { count: (tallies) => Promise.resolve(void written.push([...tallies])) },
    log,
  })
  await tally.flush()
  for (const bytes of [1, 2, 3]) tally.add(one('a', bytes))
  tally.add(one('b', 7))
  await tally.flush()
  await tally.flush()
  assert.deepEqual(written, [
    [
      { id: 'a', uses: 3, bytes: 6, lastUsedAt: 3, lastUsedIp: '203.0.113.9' },
      { id: 'b', uses: 1, bytes: 7, lastUsedAt: 7, lastUsedIp: '203.0.113.9' },
    ],
  ])
})

test('what cannot be written is counted on', async () => {
  let isDown = true
  const written: GrantTally[] = []
  const tally = createUseTally({
    grants: {
      count: (tallies) => {
        if (isDown) return Promise.reject(new Error('down'))
        written.push(...tallies)
        return Promise.resolve()
      },
    },
    log,
  })
  tally.add(one('a', 1))
  const failing = tally.flush()
  tally.add(one('a', 2))
  await failing
  isDown = false
  await tally.flush()
  assert.deepEqual(
    written.map(({ uses, bytes }) => [uses, bytes]),
    [[2, 3]],
  )
})

test('its memory is bounded, however many links are used', async () => {
  let written = 0
  const tally = createUseTally({
    grants: { count: (tallies) => Promise.resolve(void (written = tallies.length)) },
    log,
  })
  for (let index = 0; index < 10_500; index += 1) tally.add(one(`link_${index}`, 1))
  tally.add(one('link_0', 1))
  await tally.flush()
  assert.equal(written, 10_000)
})
