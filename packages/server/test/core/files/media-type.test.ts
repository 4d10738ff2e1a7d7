import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  formatMediaType,
  isMediaTypeAllowed,
  parseMediaType,
} from '../../../src/core/files/media-type.ts'

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

test('a semicolon with nothing behind it means nothing', () => {
  assert.deepEqual(parseMediaType('image/png;'), { essence: 'image/png', parameters: [] })
  assert.deepEqual(parseMediaType('image/png ; ;a=b')?.parameters, [['a', 'b']])
})

test('a type is written the way it was understood', () => {
  for (const [text, written] of [
    ['Text/HTML;charset=UTF-8', 'text/html; charset=UTF-8'],
    ['image/png;', 'image/png'],
    ['a/b; c="d e"; f="g"; h="\\"\\\\"', 'a/b; c="d e"; f=g; h="\\"\\\\"'],
  ] as const) {
    const type = parseMediaType(text)
    assert.ok(type !== null, text)
    assert.equal(formatMediaType(type), written)
    assert.deepEqual(parseMediaType(written), type)
  }
})

test('a family takes its own members only', () => {
  const type = { essence: 'image/png', parameters: [] }
  assert.equal(isMediaTypeAllowed(type, ['text/plain', 'image/*']), true)
  assert.equal(isMediaTypeAllowed(type, ['IMAGE/PNG']), true)
  assert.equal(isMediaTypeAllowed(type, ['image/p', 'imag/*']), false)
})

test('what browsers could read as another type is no media type', () => {
  for (const text of [
    '',
    'image',
    'image/',
    '/png',
    'image/png;, text/html',
    'image/png, text/html',
    'image/png text/html',
    'image/png;charset',
    'image/png;a=b;A=c',
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
