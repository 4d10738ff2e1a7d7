import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRequestIds } from '../../src/http/request-id.ts'
import { createWatch } from '../../src/http/watch.ts'

test('what is overdue expires once; the rest and what was removed stay untouched', () => {
  let nowMs = 0
  const watch = createWatch({ now: () => nowMs })
  const expired: string[] = []
  function watched(name: string, dueMs: number): Parameters<typeof watch.add>[0] {
    return { isOverdue: (now) => now >= dueMs, expire: () => expired.push(name) }
  }
  const removed = watched('removed', 10)
  watch.add(watched('early', 10))
  watch.add(watched('late', 100))
  watch.add(removed)
  watch.remove(removed)
  watch.sweep()
  assert.deepEqual(expired, [])
  nowMs = 50
  watch.sweep()
  watch.sweep()
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
