import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRange } from '../../src/http/range.ts'

test('one range comes out with its ends', () => {
  assert.deepEqual(parseRange('bytes=0-9'), { kind: 'from', start: 0, end: 9 })
  assert.deepEqual(parseRange('bytes=5-'), { kind: 'from', start: 5, end: null })
  assert.deepEqual(parseRange('bytes=-3'), { kind: 'suffix', length: 3 })
  assert.deepEqual(parseRange('BYTES=1-1'), { kind: 'from', start: 1, end: 1 })
})

test('what is no usable single range is ignored, so the whole body is the answer', () => {
  const ignored = [null, '', 'bytes', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=a-b', 'items=0-1']
  for (const header of [...ignored, 'bytes=0-1,4-5', 'bytes=0-1,', 'bytes=0x1-2', 'bytes=1 2-3']) {
    assert.equal(parseRange(header), null, String(header))
  }
})

test('a suffix of nothing is kept, so that it can be refused as unsatisfiable', () => {
  assert.deepEqual(parseRange('bytes=-0'), { kind: 'suffix', length: 0 })
})

test('numbers beyond 2^53 are clamped instead of losing their order', () => {
  const huge = '9'.repeat(40)
  const max = Number.MAX_SAFE_INTEGER
  assert.deepEqual(parseRange(`bytes=0-${huge}`), { kind: 'from', start: 0, end: max })
  assert.deepEqual(parseRange(`bytes=${huge}-`), { kind: 'from', start: max, end: null })
})

test('a header of 10 KB with thousands of ranges is ignored at once', () => {
  const header = `bytes=${'0-1,'.repeat(2500)}`
  const before = process.cpuUsage()
  for (let round = 0; round < 100; round += 1) assert.equal(parseRange(header), null)
  const { user } = process.cpuUsage(before)
  assert.ok(user / 100 < 5000, `${user / 100} µs of CPU each`)
})
