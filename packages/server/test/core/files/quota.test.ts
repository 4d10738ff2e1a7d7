import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyFile } from '../../../src/core/files/copy-file.ts'
import { deleteFile, moveFile } from '../../../src/core/files/files.ts'
import { writeFile } from '../../../src/core/files/write-file.ts'
import { setVersioning } from '../../../src/core/buckets/bucket-settings.ts'
import type { Usage } from '../../../src/catalog/records.ts'
import { authorize } from '../../../src/core/policy/authorize.ts'
import {
  admin,
  allow,
  createTestCore,
  setFolder,
  streamOf,
  writeRequest,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

const FULL = { code: 'quota-exceeded' }

function usage(core: TestCore, path: string): Promise<Usage | null> {
  return core.catalog.folders.usage(path)
}

/** Says how large it is, as most clients do. */
async function store(core: TestCore, key: string, text: string) {
  const permit = await allow(core, admin, 'write', key)
  const body = streamOf(Buffer.from(text))
  const request = writeRequest({ contentLength: text.length })
  return writeFile(core, permit, request, { body, signal: new AbortController().signal })
}

async function remove(core: TestCore, key: string, versionId?: string): Promise<void> {
  await deleteFile(core, await allow(core, admin, 'delete', key), versionId ?? null)
}

/** Sends its only chunk once `gate` opens. */
async function upload(core: TestCore, key: string, size: number, gate: Promise<void>) {
  const signal = new AbortController().signal
  let asked = false
  async function* body(): AsyncGenerator<Uint8Array> {
    asked = true
    await gate
    yield new Uint8Array(size)
  }
  const permit = await allow(core, admin, 'write', key)
  const request = writeRequest({ contentLength: size })
  const written = writeFile(core, permit, request, { body: body(), signal })
  return written.then(
    () => ({ isStored: true, asked }),
    () => ({ isStored: false, asked }),
  )
}

test('what lies in a folder with a quota is counted, from what was there before', async () => {
  const core = await createTestCore()
  await store(core, 'a/old', 'xxxxx')
  await store(core, 'b/other', 'xxxxx')
  await setFolder(core, 'acme/a', { policy: { maxTotalBytes: 10, maxFiles: 3 } })
  assert.deepEqual(await usage(core, 'acme/a/'), { bytes: 5, files: 1 })
  await store(core, 'a/new', 'xxx')
  await store(core, 'a/new', 'xxxx')
  assert.deepEqual(await usage(core, 'acme/a/'), { bytes: 9, files: 2 })
  await assert.rejects(store(core, 'a/more', 'xx'), FULL)
  await assert.rejects(store(core, 'a/new', 'xxxxxx'), FULL)
  await store(core, 'a/new', 'xxxxx')
  await store(core, 'a/third', '')
  await assert.rejects(store(core, 'a/fourth', ''), FULL)
  await store(core, 'b/free', 'x'.repeat(100))
  await remove(core, 'a/new')
  assert.deepEqual(await usage(core, 'acme/a/'), { bytes: 5, files: 2 })
  await setFolder(core, 'acme/a', { policy: {} })
  assert.equal(await usage(core, 'acme/a/'), null)
})

test('a quota that is lowered lets less come, and what is there be replaced by less', async () => {
  const core = await createTestCore()
  await store(core, 'a/x', 'xxxxx')
  await setFolder(core, 'acme/a', { policy: { maxTotalBytes: 3 } })
  await assert.rejects(store(core, 'a/y', 'x'), FULL)
  await store(core, 'a/x', 'xxxx')
  await store(core, 'a/x', 'xxx')
  await assert.rejects(store(core, 'a/x', 'xxxx'), FULL)
})

test('the quota of a bucket holds for its folders too, and a folder has no more than it', async () => {
  const core = await createTestCore()
  await setFolder(core, 'acme', { policy: { maxTotalBytes: 10 } })
  await assert.rejects(setFolder(core, 'acme/a', { policy: { maxTotalBytes: 11 } }), {
    code: 'field-invalid',
  })
  await setFolder(core, 'acme/a', { policy: { maxTotalBytes: 8 } })
  await store(core, 'b', 'xxxxx')
  await assert.rejects(store(core, 'a/x', 'xxxxxx'), {
    details: { where: 'acme/', maxBytes: 10, maxFiles: null },
  })
  await assert.rejects(store(core, 'a/x', 'xxxxxxxxx'), FULL)
  await store(core, 'a/x', 'xxxxx')
})

test('old versions count until they are gone', async () => {
  const core = await createTestCore()
  const bucket = await authorize(core, admin, 'admin', { bucket: 'acme', key: '' })
  await setVersioning(core, bucket, 'enabled')
  await setFolder(core, 'acme', { policy: { maxTotalBytes: 10 } })
  const first = await store(core, 'x', 'xxxx')
  await store(core, 'x', 'xxxx')
  assert.deepEqual(await usage(core, 'acme/'), { bytes: 8, files: 1 })
  await assert.rejects(store(core, 'x', 'xxxx'), FULL)
  await remove(core, 'x')
  assert.deepEqual(await usage(core, 'acme/'), { bytes: 8, files: 0 })
  await remove(core, 'x', first.file.versionId)
  assert.deepEqual(await usage(core, 'acme/'), { bytes: 4, files: 0 })
  await store(core, 'x', 'xxxx')
})

test('copies and moves into a folder keep to its quota, and moves within it take nothing', async () => {
  const core = await createTestCore()
  await store(core, 'x', 'xxxxxx')
  await store(core, 'a/y', 'xxxxxx')
  await setFolder(core, 'acme/a', { policy: { maxTotalBytes: 10 } })
  const moving = async (from: string, to: string) => ({
    from: await allow(core, admin, 'delete', from),
    to: await allow(core, admin, 'write', to),
  })
  await assert.rejects(moveFile(core, await moving('x', 'a/x'), false), FULL)
  assert.notEqual(await core.files.find({ bucket: 'acme', key: 'x' }), null)
  await moveFile(core, await moving('a/y', 'a/z'), false)
  const copying = {
    from: await allow(core, admin, 'read', 'x'),
    to: await allow(core, admin, 'write', 'a/x'),
  }
  const source = { versionId: null, conditions: {} }
  const request = { source, draft: null, tags: null, checksum: null }
  const { signal } = new AbortController()
  await assert.rejects(copyFile(core, copying, request, signal), FULL)
  assert.deepEqual(await usage(core, 'acme/a/'), { bytes: 6, files: 1 })
  await moveFile(core, await moving('a/z', 'z'), false)
  await moveFile(core, await moving('x', 'a/x'), false)
})

test('of many uploads at once no more begin than there is room for, and none beyond is asked for a byte', async () => {
  const core = await createTestCore()
  await setFolder(core, 'acme/in', { policy: { maxTotalBytes: 100 } })
  const gate = Promise.withResolvers<void>()
  const uploads = Array.from({ length: 32 }, (_, index) =>
    upload(core, `in/${index}`, 30, gate.promise),
  )
  setImmediate(() => gate.resolve())
  const outcomes = await Promise.all(uploads)
  assert.equal(outcomes.filter(({ isStored }) => isStored).length, 3)
  assert.equal(outcomes.filter(({ asked }) => asked).length, 3)
  assert.deepEqual(await usage(core, 'acme/in/'), { bytes: 90, files: 3 })
  // What an upload that ended had set aside is free again.
  const isLeft = outcomes.map(({ isStored }, index) => ({ isStored, key: `in/${index}` }))
  for (const { isStored, key } of isLeft) if (isStored) await remove(core, key)
  assert.equal((await upload(core, 'in/last', 100, Promise.resolve())).isStored, true)
})

test('an upload of unknown size ends at what is left', async () => {
  const core = await createTestCore()
  await setFolder(core, 'acme/in', { policy: { maxTotalBytes: 10 } })
  const permit = await allow(core, admin, 'write', 'in/x')
  const write = (...chunks: Buffer[]): Promise<unknown> =>
    writeFile(core, permit, writeRequest({ contentLength: null }), {
      body: streamOf(...chunks),
      signal: new AbortController().signal,
    })
  await assert.rejects(write(Buffer.alloc(6), Buffer.alloc(6)), { code: 'file-too-large' })
  await write(Buffer.alloc(6), Buffer.alloc(4))
})

/** Says nothing of its size, sends a byte and the rest when it is told to, and ends when it may. */
function sendUnannounced(core: TestCore, key: string, size: number) {
  const begun = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const sent = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  async function* body(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1)
    begun.resolve()
    await goOn.promise
    yield new Uint8Array(size - 1)
    sent.resolve()
    await end.promise
  }
  const signal = new AbortController().signal
  const request = writeRequest({ contentLength: null })
  const written = allow(core, admin, 'write', key).then((permit) =>
    writeFile(core, permit, request, { body: body(), signal }),
  )
  const send = async (): Promise<void> => {
    goOn.resolve()
    await Promise.race([sent.promise, written])
  }
  return { begun: begun.promise, send, end: () => end.resolve(), written }
}

test('bytes that nobody announced take their room as they come, so that many at once are not more than one', async () => {
  const core = await createTestCore()
  await setFolder(core, 'acme/a', { policy: { maxTotalBytes: 100_000 } })
  const sizes = [60_000, 60_000, 39_000]
  const [first, second, third] = sizes.map((size, index) =>
    sendUnannounced(core, `a/${index}`, size),
  )
  assert.ok(first !== undefined && second !== undefined && third !== undefined)
  const all = [first, second, third]
  await Promise.all(all.map(({ begun }) => begun))
  await first.send()
  await assert.rejects(second.send(), FULL)
  await assert.rejects(second.written, FULL)
  await third.send()
  for (const { end } of all) end()
  await Promise.all([first.written, third.written])
  assert.deepEqual(await usage(core, 'acme/a/'), { bytes: 99_000, files: 2 })
  await store(core, 'a/4', 'x'.repeat(1000))
  await assert.rejects(store(core, 'a/5', 'x'), FULL)
})
