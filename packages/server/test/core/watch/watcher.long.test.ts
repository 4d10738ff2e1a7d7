import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EventRecord } from '../../../src/catalog/event-steps.ts'
import { countDistinct, markDistinct } from '../../../src/core/watch/distinct.ts'
import { hashText } from '../../../src/core/watch/hash-text.ts'
import { wideNetworkOf } from '../../../src/core/watch/wide-network-of.ts'
import { createOwnPages } from '../../../src/core/watch/own-pages.ts'
import { createSketchTable } from '../../../src/core/watch/sketch-table.ts'
import { createWatchResolver, DEFAULT_THRESHOLDS } from '../../../src/core/watch/thresholds.ts'
import { findLeaks } from '../../support/find-leaks.ts'
import { LEAK_KINDS, createLeakLog } from '../../support/leak-log.ts'
import type { LeakLog } from '../../support/leak-log.ts'

const SMALL = { links: 2 ** 14, addresses: 2 ** 12 }

function createSmallLog(seed: number): LeakLog {
  return createLeakLog({ seed, requests: 10_000, leaks: 16 })
}

/**
 * As two processes write it that share the requests: each what it answered within half a second, together and in its own order. Times
 * stay as they are.
 */
function* asTwoProcesses(events: readonly EventRecord[]): Generator<EventRecord> {
  let waiting: [EventRecord[], EventRecord[]] = [[], []]
  let end = 0
  for (const event of events) {
    if (event.at >= end) {
      yield* [...waiting[1].toReversed(), ...waiting[0]]
      waiting = [[], []]
      end = event.at + 500
    }
    waiting[hashText(`${event.at}${event.address}`, 7) % 2 === 0 ? 0 : 1].push(event)
  }
  yield* [...waiting[1].toReversed(), ...waiting[0]]
}

describe('the watcher', () => {
  test('finds each kind of leak among what nothing is wrong with, and cries at nothing else', () => {
    for (const seed of [1, 2]) {
      const log = createSmallLog(seed)
      const { missed, falseAlerts } = findLeaks(log, log.events, SMALL)
      assert.deepEqual(new Set(log.leaks.map(({ kind }) => kind)), new Set(LEAK_KINDS))
      assert.deepEqual(missed, [], `seed ${seed}`)
      assert.deepEqual(falseAlerts, [], `seed ${seed}`)
    }
  })

  test('finds the same whichever of two processes answered each request', () => {
    const log = createSmallLog(3)
    const tell = (events: Iterable<EventRecord>): string[] =>
      findLeaks(log, events, SMALL)
        .findings.map(({ rule, subject }) => `${rule} ${subject}`)
        .toSorted()
    assert.deepEqual(tell(asTwoProcesses(log.events)), tell(log.events))
  })

  test('tells once a day about one subject, and not at all where a threshold is null', () => {
    const log = createSmallLog(4)
    const { findings } = findLeaks(log, log.events, SMALL)
    const days = findings.map(
      ({ rule, subject, at }) => `${rule} ${subject} ${Math.floor(at / 86_400_000)}`,
    )
    assert.equal(new Set(days).size, days.length)
    const off = Object.fromEntries(Object.keys(DEFAULT_THRESHOLDS).map((name) => [name, null]))
    const settings = [{ path: '', thresholds: off, pause: [] }]
    assert.deepEqual(findLeaks({ ...log, settings }, log.events, SMALL).findings, [])
  })
})

describe('what the watcher is made of', () => {
  test('different things are counted in bits, a tenth off at most while there is room', () => {
    for (const count of [1, 10, 30]) {
      const words = new Uint32Array(2)
      for (let index = 0; index < count; index += 1) markDistinct(words, 0, 64, index * 2)
      const counted = countDistinct(words, 0, 64)
      assert.ok(counted >= count, `${counted} of ${count}`)
    }
    const full = new Uint32Array([0xffffffff, 0xffffffff])
    assert.equal(countDistinct(full, 0, 64), 256)
    assert.equal(countDistinct(new Uint32Array(2), 0, 64), 0)
  })

  test('a table keeps what is asked for, and lets go of what was longest not asked for', () => {
    const { words, find, size } = createSketchTable(64, 1)
    const at = find('kept', 1000)
    words[at] = 7
    for (let index = 0; index < 1000; index += 1) {
      find(`other ${index}`, 2000 + index * 1000)
      assert.equal(words[find('kept', 2500 + index * 1000)], 7)
    }
    assert.equal(words[find('other 1', 9_000_000)], 0)
    assert.equal(size, words.byteLength)
  })

  test('a network is what a provider has: sixteen bits, or thirty-two of IPv6', () => {
    assert.equal(wideNetworkOf('203.0.113.9'), '203.0')
    assert.equal(wideNetworkOf('::ffff:203.0.113.9'), '203.0')
    assert.equal(wideNetworkOf('2001:db8:1:2::3'), '2001:db8')
    assert.equal(wideNetworkOf('nothing'), null)
  })

  test('of a folder the nearest line holds, and whose links pause says the nearest folder', () => {
    const resolve = createWatchResolver([
      { path: 'acme/in/', thresholds: { probes: 1 }, pause: [] },
      { path: '', thresholds: { probes: 9, usesPerHour: 8 }, pause: ['volume'] },
    ])
    const inner = resolve('acme/in/a.txt')
    assert.deepEqual([inner.thresholds.probes, inner.thresholds.usesPerHour], [1, 8])
    assert.deepEqual(inner.pause, [])
    assert.deepEqual(resolve('acme/a.txt').pause, ['volume'])
    assert.equal(resolve('').thresholds.networksPerDay, DEFAULT_THRESHOLDS.networksPerDay)
  })

  test('own pages are the server’s hosts and those that may use its URLs', () => {
    const isOwn = createOwnPages(
      () => ['https://files.test:8443'],
      ['https://app.example', 'http://localhost:*'],
    )
    for (const host of ['files.test:8443', 'app.example', 'localhost:3000']) {
      assert.equal(isOwn(host), true, host)
    }
    for (const host of ['files.test', 'forum.example', 'app.example.evil.test']) {
      assert.equal(isOwn(host), false, host)
    }
    assert.equal(createOwnPages(() => [], '*')('forum.example'), true)
  })
})
