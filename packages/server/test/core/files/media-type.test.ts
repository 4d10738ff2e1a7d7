import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMediaType } from '../../../src/core/files/media-type.ts'

test('a media type is read with its parameters', () => {
  assert.deepEqual(parseMediaType('text/plain'), { essence: 'text/plain', parameters: [] })
  assert.deepEqual(parseMediaType('Text/HTML; Charset=UTF-8 ;a="b\\"c;,"'), {
    essence: 'text/html',
    parameters: [
      ['charset', 'UTF-8'],
      ['a', 'b"c;,'],
    ],
  })
})

test('what browsers could read as another type is no media type', () => {
  for (const text of [
    '',
    'image',
    'image/',
    '/png',
    'image/png;',
    'image/png;, text/html',
    'image/png, text/html',
    'image/png text/html',
    'image/png;charset',
    'image/png;charset=',
    'image/png;charset="a',
    'image/png;charset="a"b',
    ' image/png',
    'image/png;\u0000a=b',
    'image/png\ntext/html',
    'ímage/png',
    `image/${'p'.repeat(2000)}`,
  ]) {
    assert.equal(parseMediaType(text), null, JSON.stringify(text))
  }
})
