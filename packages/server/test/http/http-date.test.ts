import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatHttpDate, parseHttpDate } from '../../src/http/http-date.ts'

test('what is formatted reads back to the same second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (second) => {
      assert.equal(parseHttpDate(formatHttpDate(second * 1000)), second * 1000)
    }),
  )
})

test('text that is no HTTP date is null, never an error', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parseHttpDate(text), null)
    }),
  )
})
