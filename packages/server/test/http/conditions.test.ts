import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConditions, parseEtags } from '../../src/http/conditions.ts'

test('a request without conditional headers has no conditions', () => {
  assert.deepEqual(parseConditions(['Host', 'a', 'Accept', '*/*', 'Range', 'bytes=0-1']), {})
})

test('tags come out without quotes, from one header or several', () => {
  const headers = ['If-Match', '"a", "b"', 'if-match', 'c']
  assert.deepEqual(parseConditions(headers), { ifMatch: ['a', 'b', 'c'] })
  assert.deepEqual(parseConditions(['If-None-Match', '*']), { ifNoneMatch: '*' })
})

test('a weak tag counts for If-None-Match and never for If-Match', () => {
  assert.deepEqual(parseEtags('W/"a", "b"', 'weak'), ['a', 'b'])
  assert.deepEqual(parseEtags('W/"a", "b"', 'strong'), ['b'])
})

test('dates are read in all three forms and ignored when they are none', () => {
  const at = Date.UTC(1994, 10, 6, 8, 49, 37)
  for (const text of [
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ]) {
    assert.deepEqual(parseConditions(['If-Modified-Since', text]), { ifModifiedSince: at }, text)
    assert.deepEqual(parseConditions(['If-Unmodified-Since', text]), { ifUnmodifiedSince: at })
  }
  for (const text of ['yesterday', '1994-11-06T08:49:37Z', 'Sun, 31 Jun 1994 08:49:37 GMT']) {
    assert.deepEqual(parseConditions(['If-Modified-Since', text]), {}, text)
  }
})

test('If-Range takes one strong tag or a date, and anything else matches no file', () => {
  assert.deepEqual(parseConditions(['If-Range', '"a"']), { ifRange: { etag: 'a' } })
  assert.deepEqual(parseConditions(['If-Range', 'W/"a"']), { ifRange: { etag: '' } })
  assert.deepEqual(parseConditions(['If-Range', '"a", "b"']), { ifRange: { etag: '' } })
  assert.deepEqual(parseConditions(['If-Range', 'Sun, 06 Nov 1994 08:49:37 GMT']), {
    ifRange: { modifiedAt: Date.UTC(1994, 10, 6, 8, 49, 37) },
  })
})
