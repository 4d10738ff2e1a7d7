import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRecord } from '../../../src/catalog/event-steps.ts'
import { DEFAULT_THRESHOLDS } from '../../../src/core/watch/thresholds.ts'
import { createAddressWatch } from '../../../src/core/watch/watch-addresses.ts'

function probe(address: string, index: number): EventRecord {
  return {
    id: `event_${index}`,
    at: Date.UTC(2026, 2, 14) + index,
    kind: 'request.refused',
    code: 'file-not-found',
    linkId: null,
    keyId: null,
    path: `acme/${index}`,
    target: null,
    address,
    agent: null,
    referrer: null,
    bytes: 0,
    count: 1,
    detail: {},
  }
}

function tell(
  addressOf: (index: number) => string,
  change: (index: number) => Partial<EventRecord> = () => ({}),
): number {
  const watch = createAddressWatch(2 ** 10)
  const indexes = Array.from({ length: 200 }, (_, index) => index)
  return indexes.flatMap((index) =>
    watch.look({ ...probe(addressOf(index), index), ...change(index) }, DEFAULT_THRESHOLDS),
  ).length
}

test('who tries names from one network of IPv6 is found, whichever of its addresses asks', () => {
  assert.equal(
    tell((index) => `2001:db8::${(index + 1).toString(16)}`),
    1,
  )
  assert.equal(
    tell((index) => `2001:db8:0:${index.toString(16)}::1`),
    0,
  )
  assert.equal(
    tell((index) => `198.51.100.${index}`),
    0,
  )
})

test('who guesses at addresses of shares is found, and who opens a dead one again and again is not', () => {
  const guess = { code: 'share-not-found', path: '' }
  const told = (linkOf: (index: number) => string): number =>
    tell(
      () => '198.51.100.1',
      (index) => ({ ...guess, linkId: linkOf(index) }),
    )
  assert.equal(
    told((index) => `share_${index}`),
    1,
  )
  assert.equal(
    told(() => 'share_1'),
    0,
  )
})
