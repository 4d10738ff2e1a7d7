import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { stripPadding, toUnpaddedBase64Url } from '../../src/lib/base64-url.ts'
import { equalBase64Url } from '../../src/lib/constant-time.ts'

test('standard base64 becomes the base64url of the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const standard = Buffer.from(bytes).toString('base64')
      const urlSafe = Buffer.from(bytes).toString('base64url')
      assert.equal(toUnpaddedBase64Url(standard), urlSafe)
      assert.equal(equalBase64Url(stripPadding(standard), urlSafe), true)
    }),
  )
})

test('a text in another alphabet, length or with one digit changed is not equal', () => {
  assert.equal(equalBase64Url('a+/b', 'a-_b'), true)
  assert.equal(equalBase64Url('a+/b', 'a+/b'), false)
  assert.equal(equalBase64Url('a+/b', 'a-_c'), false)
  assert.equal(equalBase64Url('a+/b=', 'a-_b'), false)
  assert.equal(equalBase64Url('abcd', 'abc\u0164'), false)
})
