import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeaderName, isHeaderValue } from '../../src/http/header-value.ts'
import { findHeader, headerValues, joinedHeader } from '../../src/http/raw-headers.ts'

test('line ends, NUL, DEL and what is beyond Latin-1 are no header values', () => {
  for (const text of ['a\rb', 'a\nb', 'a\u0000b', 'a\u007Fb', 'snowman ☃', '😀']) {
    assert.equal(isHeaderValue(text), false, JSON.stringify(text))
  }
  for (const text of ['', 'a b\tc', 'caf\u00E9', '"q"; x=y'])
    assert.equal(isHeaderValue(text), true)
})

test('names are tokens', () => {
  for (const name of ['x-amz-meta-a', "a!#$%&'*+.^_`|~"]) assert.ok(isHeaderName(name))
  for (const name of ['', 'a b', 'a:b', 'é', 'a\n']) assert.ok(!isHeaderName(name))
})

test('headers are found whatever their case, with repeats kept', () => {
  const headers = ['Host', 'a', 'X-Two', '1', 'x-TWO', '2']
  assert.equal(findHeader(headers, 'x-two'), '1')
  assert.deepEqual(headerValues(headers, 'x-two'), ['1', '2'])
  assert.equal(joinedHeader(headers, 'x-two'), '1, 2')
  assert.equal(findHeader(headers, 'x-three'), null)
  assert.equal(joinedHeader(headers, 'x-three'), null)
})
