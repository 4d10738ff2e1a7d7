import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileRecord } from '../../../src/catalog/records.ts'
import { isDomainError } from '../../../src/core/errors.ts'
import { resolveRange } from '../../../src/core/files/open-file.ts'
import { checkReadConditions, isRangeCurrent } from '../../../src/core/files/read-conditions.ts'
import type { ReadConditions } from '../../../src/core/files/read-conditions.ts'

const MODIFIED = Date.UTC(2026, 2, 14, 9, 26, 53, 700)
const file: FileRecord = {
  id: 'file_1',
  bucket: 'acme',
  key: 'a.txt',
  size: 10,
  etag: 'aa',
  versionId: 'null',
  checksums: [],
  partSizes: [],
  contentType: 'text/plain',
  headers: {},
  metadata: {},
  tags: {},
  createdAt: MODIFIED,
  modifiedAt: MODIFIED,
  arrivedAt: 0,
  quotaKey: '',
  content: { kind: 'inline', contentId: 'content' },
}

function verdict(conditions: ReadConditions): string {
  try {
    checkReadConditions(file, conditions)
  } catch (error) {
    if (isDomainError(error)) return error.code
    throw error
  }
  return 'go on'
}

test('If-Match and If-None-Match compare ETags, and a star means any', () => {
  assert.equal(verdict({ ifMatch: ['aa'] }), 'go on')
  assert.equal(verdict({ ifMatch: '*' }), 'go on')
  assert.equal(verdict({ ifMatch: ['zz'] }), 'precondition-failed')
  assert.equal(verdict({ ifNoneMatch: ['zz'] }), 'go on')
  assert.equal(verdict({ ifNoneMatch: ['zz', 'aa'] }), 'not-modified')
  assert.equal(verdict({ ifNoneMatch: '*' }), 'not-modified')
})

test('dates compare in whole seconds', () => {
  const second = Math.floor(MODIFIED / 1000) * 1000
  assert.equal(verdict({ ifModifiedSince: second }), 'not-modified')
  assert.equal(verdict({ ifModifiedSince: second - 1000 }), 'go on')
  assert.equal(verdict({ ifUnmodifiedSince: second }), 'go on')
  assert.equal(verdict({ ifUnmodifiedSince: second - 1000 }), 'precondition-failed')
})

test('an ETag condition switches the date condition of its pair off', () => {
  assert.equal(verdict({ ifMatch: ['aa'], ifUnmodifiedSince: 0 }), 'go on')
  assert.equal(verdict({ ifNoneMatch: ['zz'], ifModifiedSince: MODIFIED }), 'go on')
})

test('If-Range keeps a range only for the version it names', () => {
  assert.equal(isRangeCurrent(file, {}), true)
  assert.equal(isRangeCurrent(file, { ifRange: { etag: 'aa' } }), true)
  assert.equal(isRangeCurrent(file, { ifRange: { etag: 'zz' } }), false)
  assert.equal(isRangeCurrent(file, { ifRange: { modifiedAt: MODIFIED - 5000 } }), false)
})

test('ranges resolve within the file', () => {
  assert.equal(resolveRange(null, 10), null)
  assert.deepEqual(resolveRange({ kind: 'from', start: 0, end: 0 }, 10), { start: 0, end: 0 })
  assert.deepEqual(resolveRange({ kind: 'from', start: 4, end: null }, 10), { start: 4, end: 9 })
  assert.deepEqual(resolveRange({ kind: 'from', start: 4, end: 99 }, 10), { start: 4, end: 9 })
  assert.deepEqual(resolveRange({ kind: 'suffix', length: 3 }, 10), { start: 7, end: 9 })
  assert.deepEqual(resolveRange({ kind: 'suffix', length: 99 }, 10), { start: 0, end: 9 })
})

test('a range outside the file is refused with the file’s size', () => {
  for (const [range, size] of [
    [{ kind: 'from', start: 10, end: null }, 10],
    [{ kind: 'from', start: 0, end: 0 }, 0],
    [{ kind: 'suffix', length: 0 }, 10],
    [{ kind: 'suffix', length: 5 }, 0],
  ] as const) {
    assert.throws(() => resolveRange(range, size), {
      code: 'range-not-satisfiable',
      details: { size },
    })
  }
})
