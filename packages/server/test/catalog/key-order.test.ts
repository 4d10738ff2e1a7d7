import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../conformance/lib/any-text.ts'
import { compareKeys, justAfter, prefixEnd } from '../../src/catalog/key-order.ts'

const text = anyText({ maxLength: 6 })

function sign(value: number): number {
  return Math.sign(value)
}

describe('the order of keys', () => {
  test('is that of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b))
        assert.equal(sign(compareKeys(a, b)), sign(bytes))
      }),
      { numRuns: 2000 },
    )
  })

  test('the end of a prefix comes after every string with it and before every other', () => {
    fc.assert(
      fc.property(text, text, text, (prefix, rest, other) => {
        const end = prefixEnd(prefix)
        if (end === null) {
          assert.match(prefix, /^\u{10ffff}*$/u)
          return
        }
        assert.ok(compareKeys(`${prefix}${rest}`, end) < 0)
        if (compareKeys(other, prefix) > 0 && !other.startsWith(prefix)) {
          assert.ok(compareKeys(other, end) >= 0)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('nothing lies between a key and what is just after it', () => {
    fc.assert(
      fc.property(text, text, (key, other) => {
        assert.ok(compareKeys(key, justAfter(key)) < 0)
        if (compareKeys(other, key) > 0) assert.ok(compareKeys(other, justAfter(key)) >= 0)
      }),
    )
  })
})
