import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decodeHeaderValue,
  encodeHeaderValue,
  isHeaderName,
  isHeaderValue,
} from '../../src/http/header-value.ts'
import { findHeader, headerValues, joinedHeader } from '../../src/http/raw-headers.ts'

test('line ends, NUL, DEL and halves of characters are no header values', () => {
  for (const text of ['a\rb', 'a\nb', 'a\u0000b', 'a\u007Fb', 'a\uD83D', '\uDE00']) {
    assert.equal(isHeaderValue(text), false, JSON.stringify(text))
  }
  for (const text of ['', 'a b\tc', 'caf\u00E9', '"q"; x=y', 'snowman ☃', '😀'])
    assert.equal(isHeaderValue(text), true)
})

test('every character of Unicode comes back as it was, and is one character a byte meanwhile', () => {
  for (let code = 0; code <= 0x10_ff_ff; code += 1) {
    // Halves of characters are no text.
    if (code === 0xd8_00) code = 0xe0_00
    const text = `a${String.fromCodePoint(code)}`
    const sent = encodeHeaderValue(text)
    assert.ok(!/[^\0-\u00FF]/.test(sent))
    if (decodeHeaderValue(sent) !== text) assert.fail(`U+${code.toString(16)}`)
  }
})

test('bytes that are not UTF-8 are no text', () => {
  for (const bytes of ['\u00FC', 'a\u00C3', '\u00ED\u00A0\u0080', '\u00C0\u0080']) {
    assert.equal(decodeHeaderValue(bytes), null, JSON.stringify(bytes))
  }
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
