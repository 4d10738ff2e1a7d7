import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseForwarded, parseForwardedFor } from '../../src/http/forwarded.ts'

test('X-Forwarded-For is a list of addresses, with ports or without', () => {
  assert.deepEqual(parseForwardedFor('203.0.113.9'), ['203.0.113.9'])
  assert.deepEqual(parseForwardedFor(' 203.0.113.9 ,\t198.51.100.1:4711, 2001:db8::1'), [
    '203.0.113.9',
    '198.51.100.1',
    '2001:db8::1',
  ])
  assert.deepEqual(parseForwardedFor('[2001:db8::1]:80, [2001:db8::2]'), [
    '2001:db8::1',
    '2001:db8::2',
  ])
  assert.deepEqual(parseForwardedFor(', 203.0.113.9,'), ['203.0.113.9'])
  assert.deepEqual(parseForwardedFor(''), [])
})

test('Forwarded is read by its grammar: pairs, quotes, any case', () => {
  const read: readonly (readonly [string, readonly (string | null)[]])[] = [
    ['for=192.0.2.60;proto=http;by=203.0.113.43', ['192.0.2.60']],
    ['For="[2001:db8:cafe::17]:4711"', ['2001:db8:cafe::17']],
    ['for=192.0.2.43, FOR="198.51.100.17:80"', ['192.0.2.43', '198.51.100.17']],
    ['proto=https ; for=192.0.2.1', ['192.0.2.1']],
    ['host="a\\"b,for=6.6.6.6";for=192.0.2.1', ['192.0.2.1']],
    ['by=_x, for=192.0.2.1', [null, '192.0.2.1']],
    ['for=192.0.2.1;for=192.0.2.2', [null]],
    ['for=_hidden, for=unknown', ['_hidden', 'unknown']],
    ['', []],
  ]
  for (const [text, hops] of read) assert.deepEqual(parseForwarded(text), hops, text)
})

test('a text that does not keep to the grammar to its end says nothing', () => {
  const broken = [
    'for',
    'for=192.0.2.1,',
    'for=192.0.2.1;',
    'for=192.0.2.1 for=192.0.2.2',
    'for="192.0.2.1',
    // A client's open quote, closed by the quote of what a proxy wrote behind it.
    'for=6.6.6.6;x=", for="[2001:db8::1]:47"',
    'for=6.6.6.6;x=", for=192.0.2.1',
    'for="a"b',
    '=192.0.2.1',
    'for=192.0.2.1,,for=192.0.2.2',
  ]
  for (const text of broken) assert.deepEqual(parseForwarded(text), [null], text)
})
