import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatBasicTimestamp, parseBasicTimestamp, resolveNow } from '../../src/lib/timestamp.ts'

test('a time is read as it was written, milliseconds cut', () => {
  const years = { min: new Date('0100-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z') }
  fc.assert(
    fc.property(fc.date({ ...years, noInvalidDate: true }), (date) => {
      const seconds = Math.floor(date.getTime() / 1000)
      assert.equal(parseBasicTimestamp(formatBasicTimestamp(date))?.getTime(), seconds * 1000)
    }),
  )
  assert.equal(formatBasicTimestamp(new Date('2026-03-14T09:26:53.999Z')), '20260314T092653Z')
})

test('days and times that do not exist are refused', () => {
  for (const text of [
    '20260230T000000Z',
    '20250229T000000Z',
    '19000229T000000Z',
    '20260431T000000Z',
    '20261301T000000Z',
    '20260001T000000Z',
    '20260100T000000Z',
    '20260101T240000Z',
    '20260101T006000Z',
    '20260101T000060Z',
    '00260101T000000Z',
  ]) {
    assert.equal(parseBasicTimestamp(text), null)
  }
  for (const text of ['20240229T000000Z', '20000229T235959Z']) {
    assert.notEqual(parseBasicTimestamp(text), null)
  }
})

test('any other form of a time is refused', () => {
  for (const text of [
    '',
    '20260314',
    '20260314T092653',
    '20260314T092653z',
    '20260314t092653Z',
    '2026-03-14T09:26:53Z',
    ' 20260314T092653Z',
    '20260314T092653Z ',
    '2026031４T092653Z',
    '+2026314T092653Z',
    '20260314T-92653Z',
  ]) {
    assert.equal(parseBasicTimestamp(text), null)
  }
})

test('an invalid date is not a time to sign at', () => {
  assert.throws(() => resolveNow(new Date(Number.NaN)), RangeError)
  assert.throws(() => formatBasicTimestamp(new Date('+012026-01-01T00:00:00Z')), RangeError)
  assert.ok(resolveNow(undefined) instanceof Date)
})
