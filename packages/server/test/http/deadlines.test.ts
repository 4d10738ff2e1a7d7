import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRequestIds } from '../../src/http/request-id.ts'
import { createDeadlines } from '../../src/http/deadlines.ts'

test('what is overdue expires once; the rest and what was removed stay untouched', () => {
  let nowMs = 0
  const deadlines = createDeadlines({ now: () => nowMs })
  const expired: string[] = []
  function deadline(name: string, dueMs: number): Parameters<typeof deadlines.add>[0] {
    return { isOverdue: (now) => now >= dueMs, expire: () => expired.push(name) }
  }
  const removed = deadline('removed', 10)
  deadlines.add(deadline('early', 10))
  deadlines.add(deadline('late', 100))
  deadlines.add(removed)
  deadlines.remove(removed)
  deadlines.sweep()
  assert.deepEqual(expired, [])
  nowMs = 50
  deadlines.sweep()
  deadlines.sweep()
  assert.deepEqual(expired, ['early'])
})

test('request ids are 16 hex digits, and none comes twice over several batches', () => {
  let counter = 0
  const nextId = createRequestIds({
    bytes: (count) => {
      const bytes = Buffer.alloc(count)
      for (let at = 0; at + 8 <= count; at += 8) bytes.writeUInt32BE((counter += 1), at)
      return bytes
    },
  })
  const ids = new Set(Array.from({ length: 2000 }, nextId))
  assert.equal(ids.size, 2000)
  for (const id of ids) assert.match(id, /^[0-9A-F]{16}$/)
})
