import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EventDraft } from '../../../src/catalog/event-steps.ts'
import { createEventLog } from '../../../src/core/events/event-log.ts'
import type { EventLog, NotedUse } from '../../../src/core/events/event-log.ts'

interface Scene {
  readonly log: EventLog
  readonly written: EventDraft[]
  readonly dropped: () => number
  failing: boolean
  nowMs: number
}

function createScene(): Scene {
  const written: EventDraft[] = []
  let dropped = 0
  const scene = { written, dropped: () => dropped, failing: false, nowMs: 1000 }
  const log = createEventLog({
    events: {
      append: async (drafts) => {
        if (scene.failing) throw new Error('busy')
        written.push(...drafts)
      },
    },
    clock: { now: () => scene.nowMs },
    log: { warn: () => undefined },
    onDropped: (count) => void (dropped += count),
  })
  return Object.assign(scene, { log })
}

function useOf(more: Partial<NotedUse> = {}): NotedUse {
  return {
    kind: 'link.used',
    code: null,
    linkId: 'link_1',
    keyId: 'HPKEY',
    path: 'acme/a.txt',
    target: null,
    address: '203.0.113.9',
    agent: 'curl/8',
    referrer: null,
    bytes: 10,
    ...more,
  }
}

describe('the log of events', () => {
  test('uses that differ in time and bytes alone become one, with a count', async () => {
    const { log, written } = createScene()
    log.note(useOf())
    log.note(useOf({ bytes: 5 }))
    log.note(useOf({ address: '203.0.113.10' }))
    await log.flush()
    assert.deepEqual(written, [
      { ...useOf({ bytes: 15 }), at: 1000, count: 2 },
      { ...useOf({ address: '203.0.113.10' }), at: 1000, count: 1 },
    ])
    await log.flush()
    assert.equal(written.length, 2)
  })

  test('what cannot be written is written later', async () => {
    const scene = createScene()
    scene.failing = true
    scene.log.note(useOf())
    await scene.log.flush()
    scene.failing = false
    scene.log.note(useOf())
    await scene.log.flush()
    assert.deepEqual(
      scene.written.map(({ count }) => count),
      [2],
    )
  })

  test('memory has an end: what is too much is counted and lost, and never the caller’s trouble', async () => {
    const scene = createScene()
    scene.failing = true
    for (let index = 0; index < 10_500; index += 1) scene.log.note(useOf({ path: `acme/${index}` }))
    await scene.log.flush()
    assert.equal(scene.dropped(), 500)
    scene.failing = false
    await scene.log.flush()
    assert.equal(scene.written.length, 10_000)
  })

  test('a key is noted once in ten minutes for each address', async () => {
    const scene = createScene()
    const from = { address: '203.0.113.9', agent: 'aws-cli' }
    scene.log.noteKey('key_a', from)
    scene.log.noteKey('key_a', from)
    scene.log.noteKey('key_a', { ...from, address: '198.51.100.1' })
    scene.nowMs += 600_000
    scene.log.noteKey('key_a', from)
    await scene.log.flush()
    const told = scene.written.map(({ kind, address, count }) => [kind, address, count])
    assert.deepEqual(told, [
      ['key.used', '203.0.113.9', 2],
      ['key.used', '198.51.100.1', 1],
    ])
  })

  test('a link in the words of an agent is not kept', async () => {
    const { log, written } = createScene()
    const signature = 'a'.repeat(64)
    log.note(useOf({ agent: `bot https://x.test/a?X-Amz-Signature=${signature}` }))
    await log.flush()
    assert.ok(!JSON.stringify(written).includes(signature))
  })
})
