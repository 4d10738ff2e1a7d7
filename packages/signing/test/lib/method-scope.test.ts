import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertMethodAllowed, READ_METHODS } from '../../src/lib/method-scope.ts'

test('reading is GET and HEAD, in just that spelling', () => {
  assertMethodAllowed('GET', READ_METHODS)
  assertMethodAllowed('HEAD', READ_METHODS)
  for (const method of ['PUT', 'POST', 'DELETE', 'get', '', 'GET ']) {
    assert.throws(() => assertMethodAllowed(method, READ_METHODS), { code: 'permission-missing' })
  }
})
