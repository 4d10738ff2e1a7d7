import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  fromBase64,
  fromBase64Url,
  fromHex,
  toBase64,
  toBase64Url,
  toHex,
} from '../../src/lib/bytes.ts'
import { equalText } from '../../src/lib/constant-time.ts'
import { percentDecode, percentEncode, percentEncodePath } from '../../src/lib/percent-encode.ts'
import { decodeQueryText, parseRawQuery, splitTarget } from '../../src/lib/raw-target.ts'

test('hex, base64 and base64url give back the bytes they were made of', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.deepEqual(fromHex(toHex(bytes)), bytes)
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes)
      assert.deepEqual(fromBase64Url(toBase64Url(bytes)), bytes)
      assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'))
      assert.equal(toBase64Url(bytes), Buffer.from(bytes).toString('base64url'))
    }),
  )
})

test('text that is not of the encoding is null', () => {
  for (const text of ['a', 'zz', '0g', ' 00']) assert.equal(fromHex(text), null)
  for (const text of ['a', 'YQ', 'YQ= ', 'Y-==', 'YQ==\n']) assert.equal(fromBase64(text), null)
  for (const text of ['Y', 'Y+', 'YQ=']) assert.equal(fromBase64Url(text), null)
})

test('comparison sees every unit of a signature, and tells text apart that UTF-8 does not', () => {
  const hex = 'a1'.repeat(32)
  for (const length of [27, 28, 43, 44, 64, 128, 129]) {
    const text = hex.repeat(3).slice(0, length)
    for (let index = 0; index < length; index += 1) {
      const changed = `${text.slice(0, index)}Z${text.slice(index + 1)}`
      assert.equal(equalText(text, changed), false, `${length} ${index}`)
    }
    assert.ok(equalText(text, `x${text}`.slice(1)))
  }
  // The low byte of U+0161 is that of `a`.
  assert.equal(equalText(hex, hex.replace('a', '\u0161')), false)
  assert.equal(equalText('\ud800', '\ud801'), false)
  assert.equal(equalText('\u00e9a', 'e\u0301'), false)
})

test('comparison is true for equal text only', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      assert.equal(equalText(a, b), a === b)
      assert.ok(equalText(a, a))
    }),
  )
})

test('percent-encoding leaves only the unreserved characters, and decodes to the same text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.match(percentEncode(text), /^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/)
      assert.equal(percentDecode(percentEncode(text)), text)
      assert.equal(percentEncodePath(text).replaceAll('/', '%2F'), percentEncode(text))
    }),
  )
  assert.equal(percentEncode("!'()*"), '%21%27%28%29%2A')
  assert.throws(() => percentEncode('\ud800'), URIError)
})

test('a broken escape, and bytes that are not UTF-8, are null and not a guess', () => {
  for (const text of ['%', '%2', '%zz', '%ff', '%c3%28', '%ed%a0%80']) {
    assert.equal(percentDecode(text), null)
    assert.equal(decodeQueryText(text), null)
    assert.equal(parseRawQuery(`a=${text}`), null)
  }
})

test('a plus is a space in a query and itself in a path', () => {
  assert.equal(decodeQueryText('a+b%2Bc'), 'a b+c')
  assert.equal(percentDecode('a+b'), 'a+b')
})

test('a raw query keeps order, repeats and spelling', () => {
  assert.deepEqual(parseRawQuery('b=1&a&&b=%32&=x'), [
    { name: 'b', value: '1', raw: 'b=1' },
    { name: 'a', value: '', raw: 'a' },
    { name: 'b', value: '2', raw: 'b=%32' },
    { name: '', value: 'x', raw: '=x' },
  ])
  assert.deepEqual(splitTarget('/a?b?c'), { path: '/a', query: 'b?c' })
  assert.deepEqual(splitTarget('/a'), { path: '/a', query: null })
  assert.deepEqual(splitTarget('/a?'), { path: '/a', query: '' })
})
