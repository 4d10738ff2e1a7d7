import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areCidrsWithin, isAddressAllowed, parseCidrs } from '../../src/core/addresses.ts'

test('an empty list allows every address', () => {
  assert.equal(isAddressAllowed('203.0.113.9', []), true)
})

test('an IPv4 address mapped into IPv6 is the IPv4 address', () => {
  assert.equal(isAddressAllowed('::ffff:203.0.113.9', ['203.0.113.0/24']), true)
  assert.equal(isAddressAllowed('::ffff:198.51.100.1', ['203.0.113.0/24']), false)
})

test('families do not match each other and prefixes are exact', () => {
  assert.equal(isAddressAllowed('2001:db8::1', ['2001:db8::/32']), true)
  assert.equal(isAddressAllowed('2001:db9::1', ['2001:db8::/32']), false)
  assert.equal(isAddressAllowed('203.0.113.9', ['::/0']), false)
  assert.equal(isAddressAllowed('203.0.113.10', ['203.0.113.9/32']), false)
})

test('what is not an address is in no range', () => {
  for (const text of ['', 'unknown', '203.0.113', '203.0.113.9:80', 'fe80::1%eth0x y']) {
    assert.equal(isAddressAllowed(text, ['0.0.0.0/0', '::/0']), false, text)
  }
})

test('a range of mapped addresses holds the IPv4 addresses it maps', () => {
  assert.deepEqual(parseCidrs(['::ffff:203.0.113.0/120'], 'ip'), ['203.0.113.0/24'])
  assert.equal(isAddressAllowed('203.0.113.9', ['::ffff:203.0.113.0/120']), true)
})

test('a range lies within another one that is as wide or wider', () => {
  assert.equal(areCidrsWithin(['203.0.113.9/32'], ['203.0.113.0/24', '2001:db8::/32']), true)
  assert.equal(areCidrsWithin(['203.0.113.0/24'], ['203.0.113.0/24']), true)
  assert.equal(areCidrsWithin(['203.0.113.0/23'], ['203.0.113.0/24']), false)
  assert.equal(areCidrsWithin(['203.0.113.9/32', '198.51.100.1/32'], ['203.0.113.0/24']), false)
  assert.equal(areCidrsWithin(['198.51.100.1/32'], []), true)
})

test('ranges are written out in full and malformed ones name their field', () => {
  assert.deepEqual(parseCidrs(['203.0.113.9', '2001:db8::/32'], 'ip'), [
    '203.0.113.9/32',
    '2001:db8::/32',
  ])
  for (const text of [
    '203.0.113.0/33',
    '203.0.113.0/08',
    '203.0.113.0/',
    '203.0.113.0/8/8',
    '010.0.0.0/8',
    '127.1',
    '127.1/8',
    '2130706433',
    '0177.0.0.1',
    'fe80::1%eth0',
    'fe80::1%eth0/64',
    '::ffff:010.0.0.1',
    '2001:db8::/129',
    'example.test',
    '',
  ]) {
    assert.throws(
      () => parseCidrs([text], 'ip'),
      {
        code: 'field-invalid',
        details: { field: 'ip', reason: 'each entry must be an IP address or a CIDR range' },
      },
      text,
    )
  }
})
