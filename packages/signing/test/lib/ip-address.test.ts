import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import { assert as check, ipV4, ipV6, oneof, property } from 'fast-check'
import { hasHostBits, isIpInRange, parseIpAddress, parseIpRange } from '../../src/lib/ip-address.ts'

function isInside(address: string, range: string): boolean {
  const bytes = parseIpAddress(address)
  const parsed = parseIpRange(range)
  assert.ok(bytes !== null && parsed !== null, `${address} ${range}`)
  return isIpInRange(bytes, parsed)
}

test('addresses become their bytes in every spelling', () => {
  assert.deepEqual([...(parseIpAddress('203.0.113.7') ?? [])], [203, 0, 113, 7])
  assert.deepEqual(parseIpAddress('::ffff:203.0.113.7'), parseIpAddress('203.0.113.7'))
  assert.deepEqual(parseIpAddress('2001:DB8::1'), parseIpAddress('2001:db8:0:0:0:0:0:1'))
  assert.equal(parseIpAddress('::')?.length, 16)
})

test('whatever Node takes for an address has bytes, and nothing else has', () => {
  check(
    property(oneof(ipV4(), ipV6()), (text) => {
      assert.equal(parseIpAddress(text) !== null, isIP(text) !== 0, text)
    }),
  )
  for (const text of ['', '1.2.3', '01.2.3.4', '256.1.1.1', '1.2.3.4.5', ':::', '1::2::3', '::g']) {
    assert.equal(parseIpAddress(text), null, text)
  }
  for (const text of ['1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8', '0x7f.1.1.1', '1.2.3.4::', ' ::1']) {
    assert.equal(parseIpAddress(text), null, text)
  }
})

test('a range holds its own addresses and no others', () => {
  assert.equal(isInside('203.0.113.255', '203.0.113.0/24'), true)
  assert.equal(isInside('203.0.114.0', '203.0.113.0/24'), false)
  assert.equal(isInside('10.0.0.129', '10.0.0.128/25'), true)
  assert.equal(isInside('10.0.0.127', '10.0.0.128/25'), false)
  assert.equal(isInside('2001:db8::ffff', '2001:db8::/32'), true)
  assert.equal(isInside('203.0.113.7', '::/0'), false)
  assert.equal(isInside('203.0.113.7', '203.0.113.7'), true)
})

test('a range must be well formed', () => {
  for (const text of ['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '::/129', '10.0.0.0/-1', '/8']) {
    assert.equal(parseIpRange(text), null, text)
  }
  const strict = parseIpRange('10.0.0.0/24')
  const loose = parseIpRange('10.0.0.1/24')
  assert.ok(strict !== null && loose !== null)
  assert.equal(hasHostBits(strict), false)
  assert.equal(hasHostBits(loose), true)
})
