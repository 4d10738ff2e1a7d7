import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  areCidrsWithin,
  createAddressSet,
  isAddressAllowed,
  parseAddress,
  parseAddressLimit,
  parseCidrs,
} from '../../src/core/addresses.ts'

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

test('ranges are written out in full and malformed ones name their field', () => {
  assert.deepEqual(parseCidrs(['203.0.113.9', '2001:db8::/32'], 'ip'), [
    '203.0.113.9/32',
    '2001:db8::/32',
  ])
  for (const text of ['203.0.113.0/33', '127.1', '0177.0.0.1', 'example.test', '']) {
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

test('spellings with a second reading, and zones, are addresses nowhere', () => {
  const ambiguous = [
    '010.0.0.0',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '127.1',
    '10.1.2',
    '2130706433',
    '0x7f000001',
    '::ffff:010.0.0.1',
    '::ffff:0x7f.0.0.1',
    'fe80::1%eth0',
    'fe80::1%1',
    ' 10.0.0.1',
    '10.0.0.1 ',
  ]
  for (const text of ambiguous) {
    assert.equal(parseAddress(text), null, text)
    assert.equal(isAddressAllowed(text, ['0.0.0.0/0', '::/0']), false, text)
    for (const cidr of [text, `${text}/8`]) {
      assert.throws(() => parseCidrs([cidr], 'ip'), { code: 'field-invalid' }, cidr)
      assert.equal(createAddressSet([cidr])('8.0.0.1'), false, cidr)
    }
  }
  for (const cidr of ['10.0.0.0/08', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/+8', '::/129']) {
    assert.throws(() => parseCidrs([cidr], 'ip'), { code: 'field-invalid' }, cidr)
  }
})

test('a range mapped into IPv6 is the IPv4 range', () => {
  assert.deepEqual(parseCidrs(['::ffff:10.0.0.0/104', '::ffff:10.0.0.1'], 'ip'), [
    '10.0.0.0/8',
    '10.0.0.1/32',
  ])
  assert.throws(() => parseCidrs(['::ffff:10.0.0.0/95'], 'ip'), { code: 'field-invalid' })
})

test('no list of addresses is no limit, an empty one is refused', () => {
  assert.deepEqual(parseAddressLimit(undefined, 'ip'), [])
  assert.deepEqual(parseAddressLimit(['10.0.0.0/8'], 'ip'), ['10.0.0.0/8'])
  assert.throws(() => parseAddressLimit([], 'ip'), {
    code: 'field-invalid',
    message: /allow nobody/,
  })
})

test('a range lies within another one that is as wide or wider', () => {
  assert.equal(areCidrsWithin(['203.0.113.9/32'], ['203.0.113.0/24', '2001:db8::/32']), true)
  assert.equal(areCidrsWithin(['203.0.113.0/24'], ['203.0.113.0/24']), true)
  assert.equal(areCidrsWithin(['203.0.113.0/23'], ['203.0.113.0/24']), false)
  assert.equal(areCidrsWithin(['203.0.113.9/32', '198.51.100.1/32'], ['203.0.113.0/24']), false)
  assert.equal(areCidrsWithin(['198.51.100.1/32'], []), true)
})
