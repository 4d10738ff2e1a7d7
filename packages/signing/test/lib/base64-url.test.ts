import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { toUnpaddedBase64Url } from '../../src/lib/base64-url.ts'

test('standard base64 becomes the base64url of the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const standard = Buffer.from(bytes).toString('base64')
      const urlSafe = Buffer.from(bytes).toString('base64url')
      assert.equal(toUnpaddedBase64Url(standard), urlSafe)
    }),
  )
})
