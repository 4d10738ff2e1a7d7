import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { deleteFile, moveFile } from '../../../src/core/files/files.ts'
import { openFile } from '../../../src/core/files/open-file.ts'
import type { OpenedFile, OpenFileRequest } from '../../../src/core/files/open-file.ts'
import type { VerifiedLink } from '../../../src/core/identity.ts'
import { RESUME_WINDOW_MS, STANDSTILL_MS } from '../../../src/core/limits.ts'
import { finishUse } from '../../../src/core/links/use-link.ts'
import { cutAnswers } from '../../../src/core/links/cut-answers.ts'
import { admin, allow, createTestCore, issue, linkWith, put } from '../../support/core.ts'
import type { TestCore, TestCoreOptions } from '../../support/core.ts'

const KEY = 'a/x.txt'
const TEXT = 'hello world'
const LATER = { range: { kind: 'from', start: 3, end: null } } as const

interface Bench {
  readonly core: TestCore
  readonly id: string
  /** Asks for the file as the bearer of the link. */
  readonly open: (
    request?: Partial<OpenFileRequest>,
    bearer?: Partial<VerifiedLink>,
  ) => Promise<OpenedFile>
  /** The answer broke off after so many bytes; it arrived unless said otherwise. */
  readonly end: (opened: OpenedFile, sentBytes?: number) => Promise<void>
}

async function createBench(maxUses: number | null, options: TestCoreOptions = {}): Promise<Bench> {
  const core = await createTestCore(options)
  await put(core, KEY, TEXT)
  const { id } = await issue(core, KEY, { method: 'GET', ...(maxUses !== null && { maxUses }) })
  return {
    core,
    id,
    open: async (request = {}, bearer = {}) => {
      const permit = await allow(core, linkWith(core, { linkId: id, ...bearer }), 'read', KEY)
      const whole = { range: null, conditions: {}, withBody: true }
      return openFile(core, permit, { ...whole, ...request }, new AbortController().signal)
    },
    end: async ({ use, range }, sentBytes) => {
      assert.ok(use !== null)
      const length = range === null ? TEXT.length : range.end - range.start + 1
      await finishUse(core, use, {
        sentBytes: sentBytes ?? length,
        arrived: sentBytes === undefined,
      })
    },
  }
}

test('a link with N uses works N times, and HEAD and 416 do not count', async () => {
  for (const maxUses of [1, 2, 5]) {
    const { core, id, open, end } = await createBench(maxUses)
    const file = await core.files.find({ bucket: 'acme', key: KEY })
    await open({ withBody: false })
    await open({ withBody: false, conditions: { ifNoneMatch: [file?.etag ?? ''] } })
    await assert.rejects(open({ range: { kind: 'from', start: 99, end: null } }), {
      code: 'range-not-satisfiable',
    })
    assert.equal((await core.catalog.grants.find(id))?.uses, 0)
    for (let use = 0; use < maxUses; use += 1) await end(await open())
    await assert.rejects(open(), { code: 'link-used' })
    await assert.rejects(open({ withBody: false }), { code: 'link-used' })
    assert.equal((await core.catalog.grants.find(id))?.uses, maxUses)
  }
})

test('once one whole answer was delivered nothing more is, whatever part is asked for', async () => {
  const { open, end } = await createBench(1)
  await end(await open())
  for (const start of [0, 1, 3, TEXT.length - 1]) {
    await assert.rejects(open({ range: { kind: 'from', start, end: null } }), { code: 'link-used' })
  }
})

test('a download that broke off is resumed as the same use, and ends it with the last byte', async () => {
  const { core, id, open, end } = await createBench(1)
  await end(await open(), 3)
  await end(await open(LATER), 2)
  await end(await open({ range: { kind: 'from', start: 5, end: null } }))
  await assert.rejects(open(LATER), { code: 'link-used' })
  assert.equal((await core.catalog.grants.find(id))?.uses, 1)
})

test('a download that broke off may start again from the beginning', async () => {
  const { core, id, open, end } = await createBench(1)
  for (const sent of [0, 3, TEXT.length - 1]) await end(await open(), sent)
  await end(await open())
  await assert.rejects(open(), { code: 'link-used' })
  assert.equal((await core.catalog.grants.find(id))?.uses, 1)
})

test('one answer at a time: while one is under way and moves, no other begins, from the beginning or further on', async () => {
  const { open, end } = await createBench(1)
  const first = await open()
  for (const request of [{}, LATER]) {
    await assert.rejects(open(request), { code: 'link-used' })
  }
  await end(first)
  await assert.rejects(open(LATER), { code: 'link-used' })
})

test('what arrived once is not given again: the parts together are one use', async () => {
  const { core, id, open, end } = await createBench(1)
  const part = (start: number, stop: number): Partial<OpenFileRequest> => ({
    range: { kind: 'from', start, end: stop },
  })
  const allButOne = part(0, TEXT.length - 2)
  await end(await open(allButOne))
  for (const again of [allButOne, part(0, 0), part(3, 5), part(0, TEXT.length - 1), {}]) {
    await assert.rejects(open(again), { code: 'link-used' })
  }
  await end(await open(part(TEXT.length - 1, TEXT.length - 1)))
  const grant = await core.catalog.grants.find(id)
  assert.deepEqual([grant?.uses, grant?.reading], [1, null])
  await assert.rejects(open(allButOne), { code: 'link-used' })
})

test('what breaks off again and again ends: a use sends four times its file and no more', async () => {
  const { open, end } = await createBench(1)
  for (let time = 0; time < 4; time += 1) await end(await open(), TEXT.length - 1)
  await end(await open(part(TEXT.length - 3)), 1)
  await assert.rejects(open(), { code: 'link-used' })

  function part(start: number): Partial<OpenFileRequest> {
    return { range: { kind: 'from', start, end: null } }
  }
})

test('a use is of one content: the rest of another is none of its rest', async () => {
  const { core, open, end } = await createBench(1)
  await end(await open(), 3)
  await put(core, KEY, 'HELLO WORLD')
  await assert.rejects(open(LATER), { code: 'link-used' })
})

test('a used-up link whose last download broke off reads neither what takes the name after a delete nor what was moved away', async () => {
  for (const how of ['delete', 'move'] as const) {
    const { core, open, end } = await createBench(1)
    await end(await open(), 3)
    const from = await allow(core, admin, 'delete', KEY)
    if (how === 'delete') await deleteFile(core, from)
    else await moveFile(core, { from, to: await allow(core, admin, 'write', 'away') }, true)
    await put(core, KEY, TEXT)
    for (const request of [{}, LATER]) {
      await assert.rejects(open(request), { code: 'link-revoked' })
    }
  }
})

test('an answer that stands still gives way to the next of the same client, and one that moves does not', async () => {
  const { core, id, open, end } = await createBench(1, { isClockMovedByTest: true })
  const first = await open()
  first.use?.numbered?.answer.onCut(() => void end(first, 3))
  const second = open()
  await untilClaimed(core, id)
  await assert.rejects(open(), { code: 'link-used' }, 'one waits, and no crowd')
  await cutAnswers(core)
  core.clock.advance(1)
  first.use?.numbered?.answer.move()
  await cutAnswers(core)
  await assert.rejects(second, { code: 'link-used' })

  const third = open()
  await untilClaimed(core, id)
  core.clock.advance(STANDSTILL_MS)
  await cutAnswers(core)
  await end(await third)
  assert.equal((await core.catalog.grants.find(id))?.uses, 1)
})

async function untilClaimed(core: TestCore, id: string): Promise<void> {
  const isClaimed = async () => (await core.catalog.grants.find(id))?.reading?.answer?.isClaimed
  while ((await isClaimed()) !== true) await setImmediate()
}

test('whoever waits for an answer gives up in the end, and makes room for the next', async () => {
  const { core, id, open } = await createBench(1, { isClockMovedByTest: true })
  await open()
  const waiting = open()
  await untilClaimed(core, id)
  core.clock.advance(3 * STANDSTILL_MS)
  await assert.rejects(waiting, { code: 'link-used' })
  assert.equal((await core.catalog.grants.find(id))?.reading?.answer?.isClaimed, false)
})

test('a use belongs to the address that began it, and for ten minutes', async () => {
  const { core, open, end } = await createBench(1)
  await end(await open(), 3)
  await assert.rejects(open(LATER, { clientIp: '198.51.100.7' }), { code: 'link-used' })
  await assert.rejects(open({}, { clientIp: '198.51.100.7' }), { code: 'link-used' })
  core.clock.advance(RESUME_WINDOW_MS)
  await assert.rejects(open(LATER), { code: 'link-used' })
  await assert.rejects(open(), { code: 'link-used' })
})

test('what is left of one use does not take the next', async () => {
  const { core, id, open, end } = await createBench(2)
  await end(await open(), 3)
  await end(await open())
  assert.equal((await core.catalog.grants.find(id))?.uses, 1)
  await end(await open())
  assert.equal((await core.catalog.grants.find(id))?.uses, 2)
  await assert.rejects(open(), { code: 'link-used' })
})

test('the end of an earlier use does not touch the one after it', async () => {
  const { core, id, open, end } = await createBench(2)
  const slow = await open()
  core.clock.advance(1000)
  const quick = await open({}, { clientIp: '198.51.100.7' })
  await end(slow)
  await end(quick, 3)
  const grant = await core.catalog.grants.find(id)
  assert.deepEqual([grant?.reading?.broken, grant?.lastUsedIp], [[0, 2], '198.51.100.7'])
  await end(await open({}, { clientIp: '198.51.100.7' }))
  await assert.rejects(open({}, { clientIp: '198.51.100.7' }), { code: 'link-used' })
})

test('a first range that starts later consumes a use of its own', async () => {
  const { open, end } = await createBench(1)
  await end(await open(LATER))
  await assert.rejects(open(), { code: 'link-used' })
})

test('64 racers on a one-use link get it once, and so do those who race for what broke off', async () => {
  const { open, end } = await createBench(1)
  for (let round = 0; round < 3; round += 1) {
    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, () => open()))
    const [opened, ...others] = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value] : [],
    )
    assert.ok(opened !== undefined)
    assert.deepEqual(others, [])
    await end(opened, 3)
  }
})

test('a preview of a link with a number of uses gets no byte and takes no use', async () => {
  const { core, id, open, end } = await createBench(1)
  for (const withBody of [true, false]) {
    await assert.rejects(open({ withBody }, { previewAgent: 'slackbot' }), {
      code: 'link-preview-refused',
      details: { agent: 'slackbot' },
    })
  }
  assert.equal((await core.catalog.grants.find(id))?.uses, 0)
  await end(await open())
  const unlimited = await createBench(null)
  await unlimited.open({}, { previewAgent: 'slackbot' })
})

test('uses and bytes are counted without a number of uses too, and written a moment later', async () => {
  const { core, id, open, end } = await createBench(null)
  await end(await open())
  core.clock.advance(5000)
  await end(await open(), 3)
  await end(await open(LATER))
  assert.equal((await core.catalog.grants.find(id))?.uses, 0)
  await core.uses.flush()
  const grant = await core.catalog.grants.find(id)
  assert.deepEqual(
    [grant?.uses, grant?.bytes, grant?.lastUsedAt, grant?.lastUsedIp],
    [2, TEXT.length + 3 + (TEXT.length - 3), core.clock.now(), '203.0.113.9'],
  )
})

test('the bytes of numbered uses are counted, and leave what the use began with', async () => {
  const { core, id, open, end } = await createBench(2)
  const slow = await open()
  core.clock.advance(1000)
  await end(await open({}, { clientIp: '198.51.100.7' }), 3)
  await end(slow)
  await core.uses.flush()
  const grant = await core.catalog.grants.find(id)
  assert.deepEqual([grant?.uses, grant?.bytes], [2, TEXT.length + 3])
  assert.deepEqual([grant?.reading?.broken, grant?.lastUsedIp], [[0, 2], '198.51.100.7'])
})

test('going on with a download never gives the rest of another content: the whole of it as a use of its own, or nothing', async () => {
  for (const text of ['HELLO WORLD', 'no']) {
    const { core, id, open, end } = await createBench(2)
    await end(await open(), 3)
    await put(core, KEY, text)
    const again = await open(LATER)
    assert.equal(again.range, null)
    assert.deepEqual(again.body, { kind: 'bytes', bytes: Buffer.from(text) })
    await end(again, 1)
    assert.equal((await core.catalog.grants.find(id))?.uses, 2)
    await put(core, KEY, TEXT)
    await assert.rejects(open(LATER), { code: 'link-used' })
  }
})
