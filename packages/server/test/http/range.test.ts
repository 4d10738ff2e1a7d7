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

test('blanks and tabs may stand around the positions, and nothing else', () => {
  assert.deepEqual(parseRange('bytes= \t0 - 9\t '), { kind: 'from', start: 0, end: 9 })
  for (const blank of ['\u00A0', '\u000B', '\n'])
    assert.equal(parseRange(`bytes=${blank}0-9`), null)
})

test('a header longer than any range needs is ignored, whatever fills it', () => {
  for (const filler of [' ', '\t', '9', '-', ',', '0-1,', '"']) {
    for (const before of ['bytes=', 'bytes=0-', 'bytes=0-9', '']) {
      assert.equal(parseRange(before + filler.repeat(15_000)), null, `${before}${filler}`)
    }
  }
})
