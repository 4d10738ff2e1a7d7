/** Uploads in parts: slots, their parts, and the one transaction that ends them. */
import assert from 'node:assert/strict'
import type { Catalog, NewContent } from '../../src/catalog/catalog.ts'
import type {
  AbortOutcome,
  PartOutcome,
  WriteConditions,
  WriteOutcome,
} from '../../src/catalog/file-steps.ts'
import type { UploadRecord } from '../../src/catalog/records.ts'
import {
  at,
  blobOf,
  commit,
  createBuckets,
  draftOf,
  grantOf,
  inlineOf,
  insertGrants,
  nextId,
  queuedIds,
  remove,
  store,
} from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

const FREE = { epoch: null, maxOpen: 1000 }

function uploadOf(id: string, more: Partial<UploadRecord> = {}): UploadRecord {
  return {
    id,
    bucket: 'acme',
    key: 'big',
    contentType: 'video/mp4',
    headers: { cacheControl: 'no-store' },
    metadata: { owner: 'müller' },
    tags: { a: 'b' },
    checksumAlgorithm: 'crc32c',
    checksumType: 'composite',
    createdBy: 'key1',
    quotaKey: '',
    createdAt: 1000,
    expiresAt: 5000,
    resumable: null,
    ...more,
  }
}

async function create(catalog: Catalog, id: string, more?: Partial<UploadRecord>): Promise<void> {
  const outcome = await catalog.uploads.create(uploadOf(id, more), FREE)
  assert.deepEqual(outcome, { outcome: 'opened' })
}

function putPart(
  catalog: Catalog,
  number: number,
  content: NewContent = blobOf(nextId('part'), 5),
  more: {
    uploadId?: string
    size?: number
    epoch?: number | null
    modifiedAt?: number
    maxOpenBytes?: number
  } = {},
): Promise<PartOutcome> {
  const { uploadId = 'u', size = 5, epoch = null, modifiedAt = 2000, maxOpenBytes = 1e15 } = more
  const part = { uploadId, number, size, etag: `part-${number}`, checksums: [], modifiedAt }
  return catalog.uploads.putPart(part, content, { epoch, maxOpenBytes })
}

function complete(
  catalog: Catalog,
  numbers: readonly number[],
  more: { etag?: string; size?: number } & Partial<WriteConditions> = {},
): Promise<WriteOutcome> {
  const { etag, size = 5 * numbers.length, ...conditions } = more
  return catalog.uploads.complete(
    {
      uploadId: 'u',
      parts: numbers.map((number) => ({ number, etag: etag ?? `part-${number}` })),
      sealed: { size, etag: `whole-${numbers.length}`, checksums: [] },
      contentId: nextId('joined'),
      newFileId: nextId('file'),
      newVersionId: nextId('version'),
      nowMs: 3000,
      forgetAt: 8000,
    },
    { epoch: null, ...conditions },
  )
}

function abort(catalog: Catalog, nowMs: number): Promise<AbortOutcome> {
  return catalog.uploads.abort('u', nowMs, { epoch: null })
}

export function catalogUploadsSuite(check: CheckCatalog): void {
  check('a slot comes back field for field, and not in a bucket that is missing', async (f) => {
    const { catalog, other } = f
    const nowhere = await catalog.uploads.create(uploadOf('u'), FREE)
    assert.deepEqual(nowhere, { outcome: 'bucket-missing' })
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    assert.deepEqual(await other.uploads.find('u'), uploadOf('u'))
    const plain = uploadOf('v', { checksumAlgorithm: null, checksumType: null, metadata: {} })
    await catalog.uploads.create(plain, FREE)
    assert.deepEqual(await other.uploads.find('v'), plain)
    assert.equal(await other.uploads.find('w'), null)
    assert.equal(await catalog.buckets.remove('acme', null), 'has-uploads')
    await store(catalog, draftOf('a'))
    assert.equal(await catalog.buckets.remove('acme', null), 'not-empty')
  })

  check('parts come in the order of their numbers, page by page', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    for (const number of [10_000, 3, 1, 2]) await putPart(catalog, number)
    const list = async (after: number, limit: number): Promise<number[]> =>
      (await other.uploads.listParts('u', after, limit)).map(({ number }) => number)
    assert.deepEqual(await list(0, 10), [1, 2, 3, 10_000])
    assert.deepEqual(await list(1, 2), [2, 3])
    assert.deepEqual(await list(10_000, 2), [])
  })

  check('a part of the same number replaces the one before', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    await putPart(catalog, 1, blobOf('old', 5))
    const stored = await putPart(catalog, 1, inlineOf('again', 'new'))
    assert.ok(stored.outcome === 'stored')
    assert.deepEqual(stored.part.content, { kind: 'inline', contentId: 'new' })
    assert.deepEqual(await catalog.uploads.listParts('u', 0, 10), [stored.part])
    assert.deepEqual(await queuedIds(catalog), ['old'])
  })

  check('no slot, another epoch or a source that is gone: no part', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    assert.deepEqual(await putPart(catalog, 1), { outcome: 'upload-missing' })
    await create(catalog, 'u')
    const epoch = await catalog.keys.epoch()
    const changed = await putPart(catalog, 1, undefined, { epoch: epoch + 1 })
    assert.deepEqual(changed, { outcome: 'epoch-changed' })
    const gone = { contentId: 'gone', kind: 'blob', start: 0, length: 5 } as const
    const copy = { kind: 'segments', contentId: 'c', segments: [gone] } as const
    assert.deepEqual(await putPart(catalog, 1, copy), { outcome: 'file-missing' })
    assert.deepEqual(await catalog.uploads.listParts('u', 0, 10), [])
  })

  check('completing makes the file of the parts that are named, and ends the slot', async (f) => {
    const { catalog, other } = f
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    await putPart(catalog, 1, blobOf('one', 5))
    await putPart(catalog, 2, blobOf('unused', 5))
    await putPart(catalog, 7, inlineOf('seven', 'seven'))
    const outcome = await complete(catalog, [1, 7])
    assert.ok(outcome.outcome === 'committed')
    const { file } = outcome
    assert.deepEqual(await other.files.find(at('big')), file)
    const { contentType, headers, metadata, tags, partSizes, size, etag, modifiedAt } = file
    assert.deepEqual(
      { contentType, headers, metadata, tags, partSizes, size, etag, modifiedAt },
      {
        contentType: 'video/mp4',
        headers: { cacheControl: 'no-store' },
        metadata: { owner: 'müller' },
        tags: { a: 'b' },
        partSizes: [5, 5],
        size: 10,
        etag: 'whole-2',
        modifiedAt: 3000,
      },
    )
    assert.equal(file.content.kind, 'segments')
    const whole = await other.contents.segments(file.content.contentId, { start: 0, end: 9 })
    assert.deepEqual(whole, {
      firstStart: 0,
      segments: [
        { contentId: 'one', kind: 'blob', start: 0, length: 5 },
        { contentId: 'seven', kind: 'inline', start: 0, length: 5 },
      ],
    })
    assert.equal(await other.uploads.find('u'), null)
    assert.deepEqual(await other.uploads.listParts('u', 0, 10), [])
    assert.deepEqual(await queuedIds(catalog), ['unused'])
    assert.deepEqual(await complete(catalog, [1, 7]), { outcome: 'upload-missing' })
  })

  check(
    'a slot ends with the write of its grant, its parts go, and it is known what came',
    async (f) => {
      const { catalog, other } = f
      await createBuckets(catalog, 'acme')
      await create(catalog, 'u', { key: 'a' })
      await putPart(catalog, 1, blobOf('sent', 5))
      await insertGrants(catalog, grantOf('g', { method: 'PUT', key: 'a', maxUses: 1 }))
      const slot = { id: 'u', forgetAt: 8000 }
      const useGrant = { id: 'g', terms: {}, admittedAtMs: 500, clientIp: '10.0.0.9', slot }
      const failed = await commit(catalog, draftOf('a'), { ifEtag: 'other', useGrant })
      assert.equal(failed.outcome, 'condition-failed')
      assert.notEqual(await other.uploads.find('u'), null)
      const outcome = await commit(catalog, draftOf('a'), { useGrant })
      assert.ok(outcome.outcome === 'committed')
      assert.equal(await other.uploads.find('u'), null)
      assert.deepEqual(await other.uploads.listParts('u', 0, 10), [])
      assert.deepEqual(await queuedIds(catalog), ['sent'])
      const { id: fileId, bucket, key, versionId, etag, checksums } = outcome.file
      assert.deepEqual(await other.uploads.findFinished('u'), {
        id: 'u',
        fileId,
        bucket,
        key,
        versionId,
        etag,
        checksums,
        partCount: 0,
        resumable: null,
        forgetAt: 8000,
      })
      await create(catalog, 'v')
    },
  )

  check('a single part is the content, with nothing in between', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    await putPart(catalog, 4, blobOf('only', 5))
    const outcome = await complete(catalog, [4])
    assert.ok(outcome.outcome === 'committed')
    assert.deepEqual(outcome.file.content, { kind: 'blob', contentId: 'only' })
    assert.deepEqual(outcome.file.partSizes, [5])
    await remove(catalog, 'big')
    assert.deepEqual(await queuedIds(catalog), ['only'])
  })

  check('empty parts leave no trace but their size', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    await putPart(catalog, 1, blobOf('one', 5))
    await putPart(catalog, 2, inlineOf('', 'empty'), { size: 0 })
    await putPart(catalog, 3, blobOf('three', 5))
    const outcome = await complete(catalog, [1, 2, 3], { size: 10 })
    assert.ok(outcome.outcome === 'committed')
    assert.deepEqual(outcome.file.partSizes, [5, 0, 5])
    const { contentId } = outcome.file.content
    const found = await catalog.contents.segments(contentId, { start: 5, end: 9 })
    assert.deepEqual([found?.firstStart, found?.segments.length], [5, 1])
    assert.deepEqual(await queuedIds(catalog), ['empty'])
  })

  check('a completion that is refused leaves the slot as it was', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    await putPart(catalog, 1)
    const refusals = [
      await complete(catalog, [1, 2]),
      await complete(catalog, [1], { etag: 'another' }),
      await complete(catalog, []),
      await complete(catalog, [1], { ifEtag: 'x' }),
      await complete(catalog, [1], { epoch: -1 }),
    ]
    assert.deepEqual(
      refusals.map(({ outcome }) => outcome),
      [...Array.from({ length: 4 }, () => 'condition-failed'), 'epoch-changed'],
    )
    assert.equal((await complete(catalog, [1], { ifAbsent: true })).outcome, 'committed')
  })

  check('completing consumes its grant, once', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await insertGrants(catalog, grantOf('g', { method: 'PUT', maxUses: 1, uses: 1 }))
    await create(catalog, 'u')
    await putPart(catalog, 1)
    const useGrant = { id: 'g', terms: {}, admittedAtMs: 500, clientIp: '::1' }
    const outcome = await complete(catalog, [1], { useGrant })
    assert.deepEqual(outcome, { outcome: 'grant-unusable' })
    assert.notEqual(await catalog.uploads.find('u'), null)
  })

  check('aborting gives all parts back', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    await putPart(catalog, 1, blobOf('one', 5))
    await putPart(catalog, 2, inlineOf('two..', 'two'))
    const stale = await other.uploads.abort('u', 9000, { epoch: -1 })
    assert.deepEqual(stale, { outcome: 'epoch-changed' })
    assert.deepEqual(await abort(other, 9000), { outcome: 'aborted' })
    assert.deepEqual(await abort(other, 9000), { outcome: 'upload-missing' })
    assert.deepEqual(await catalog.sweep.due(9001, 'blob', 10), ['one'])
    assert.deepEqual(await catalog.sweep.due(9001, 'inline', 10), ['two'])
    assert.deepEqual(await putPart(catalog, 3), { outcome: 'upload-missing' })
    assert.equal(await catalog.buckets.remove('acme', null), 'removed')
  })

  check('of a completion and an abort at once one wins, whole', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    for (let round = 0; round < 40; round += 1) {
      await create(catalog, 'u')
      const ids = [nextId('race'), nextId('race')]
      await putPart(catalog, 1, blobOf(ids[0] ?? '', 5))
      await putPart(catalog, 2, blobOf(ids[1] ?? '', 5))
      const [first, second] = round % 2 === 0 ? [catalog, other] : [other, catalog]
      const [completed, aborted] = await Promise.all([complete(first, [1, 2]), abort(second, 1)])
      const isAborted = aborted.outcome === 'aborted'
      const file = await catalog.files.find(at('big'))
      assert.equal(completed.outcome === 'committed', !isAborted)
      assert.equal(file !== null, !isAborted)
      if (file !== null) await remove(catalog, 'big')
      assert.deepEqual(await queuedIds(catalog), ids.toSorted())
      await catalog.sweep.done(ids)
    }
  })

  check('a slot is due when it has been idle, not when it was made long ago', async (fixture) => {
    const { catalog } = fixture
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u', { createdAt: 1000, expiresAt: 5000 })
    await create(catalog, 'v', { createdAt: 1000, expiresAt: 6000 })
    const due = async (nowMs: number): Promise<string[]> =>
      (await catalog.uploads.due(nowMs, 10)).map(({ id }) => id)
    assert.deepEqual(await due(4999), [])
    assert.deepEqual(await due(6000), ['u', 'v'])
    await putPart(catalog, 1, undefined, { modifiedAt: 4000 })
    assert.deepEqual(await due(7999), ['v'])
    assert.deepEqual(await due(8000), ['v', 'u'])
  })

  check('an idle slot that somebody went on with is not reaped', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u', { createdAt: 1000, expiresAt: 5000 })
    await putPart(catalog, 1, undefined, { modifiedAt: 4999 })
    const reap = (nowMs: number): Promise<AbortOutcome> =>
      catalog.uploads.abort('u', nowMs, { epoch: null, ifIdle: true })
    assert.deepEqual(await reap(5000), { outcome: 'upload-missing' })
    assert.notEqual(await catalog.uploads.find('u'), null)
    assert.deepEqual(await reap(8999), { outcome: 'aborted' })
  })

  check('a slot is opened under its epoch alone', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const epoch = (await catalog.keys.epoch()) + 1
    const outcome = await catalog.uploads.create(uploadOf('u'), { epoch, maxOpen: 9 })
    assert.deepEqual(outcome, { outcome: 'epoch-changed' })
    assert.equal(await catalog.uploads.find('u'), null)
  })

  check('whoever opens slots has so many at once, and ended ones make room', async (f) => {
    const { catalog } = f
    await createBuckets(catalog, 'acme')
    const open = async (id: string, createdBy = 'key1'): Promise<string> => {
      const conditions = { epoch: null, maxOpen: 2 }
      return (await catalog.uploads.create(uploadOf(id, { createdBy }), conditions)).outcome
    }
    assert.deepEqual([await open('u'), await open('v')], ['opened', 'opened'])
    assert.equal(await open('w'), 'too-many-uploads')
    assert.equal(await catalog.uploads.find('w'), null)
    assert.equal(await open('x', 'key2'), 'opened')
    await abort(catalog, 1)
    assert.equal(await open('u'), 'opened')
    await putPart(catalog, 1)
    assert.equal((await complete(catalog, [1])).outcome, 'committed')
    assert.equal(await open('w'), 'opened')
  })

  check('the parts in open slots hold so many bytes, and ended ones make room', async (f) => {
    const { catalog } = f
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    await create(catalog, 'v')
    const put = async (uploadId: string, number: number, size: number): Promise<string> => {
      const more = { uploadId, size, maxOpenBytes: 10 }
      return (await putPart(catalog, number, blobOf(nextId('part'), size), more)).outcome
    }
    assert.equal(await put('u', 1, 6), 'stored')
    assert.equal(await put('v', 1, 5), 'too-many-bytes')
    assert.equal(await put('v', 1, 4), 'stored')
    assert.equal(await put('u', 1, 7), 'too-many-bytes')
    assert.equal((await catalog.uploads.listParts('u', 0, 9))[0]?.size, 6)
    assert.equal(await put('u', 1, 3), 'stored')
    assert.equal(await put('v', 2, 3), 'stored')
    assert.equal((await complete(catalog, [1], { size: 3 })).outcome, 'committed')
    assert.equal(await put('v', 3, 3), 'stored')
    await catalog.uploads.abort('v', 1, { epoch: null })
    await create(catalog, 'w')
    assert.equal(await put('w', 1, 10), 'stored')
  })

  check('what became of a finished upload is known for a while', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    await create(catalog, 'u')
    await putPart(catalog, 1)
    const outcome = await complete(catalog, [1])
    assert.ok(outcome.outcome === 'committed')
    const { id: fileId, versionId, etag, checksums } = outcome.file
    const path = { bucket: 'acme', key: 'big' }
    const known = { id: 'u', ...path, fileId, versionId, etag, checksums, partCount: 1 }
    assert.deepEqual(await other.uploads.findFinished('u'), {
      ...known,
      resumable: null,
      forgetAt: 8000,
    })
    assert.equal(await other.uploads.findFinished('v'), null)
    assert.equal(await catalog.uploads.forgetFinished(7999, 10), 0)
    assert.equal(await catalog.uploads.forgetFinished(8000, 10), 1)
    assert.equal(await other.uploads.findFinished('u'), null)
  })

  check('open uploads are listed by key, then id', async ({ catalog }) => {
    await createBuckets(catalog, 'acme', 'other')
    for (const [id, key] of [
      ['u3', 'a'],
      ['u1', 'a'],
      ['u2', 'a'],
      ['u4', 'b/x'],
      ['u5', 'b/y'],
      ['u6', 'c'],
    ] as const) {
      await create(catalog, id, { key })
    }
    await create(catalog, 'u0', { bucket: 'other', key: 'a' })
    const list = async (more: object): Promise<string[]> => {
      const query = { bucket: 'acme', prefix: '', delimiter: '', after: '', afterUploadId: '' }
      const { entries, nextAfter } = await catalog.uploads.list({ ...query, limit: 10, ...more })
      const names = entries.map((entry) => (entry.kind === 'file' ? entry.file.id : entry.prefix))
      return nextAfter === null ? names : [...names, `> ${nextAfter}`]
    }
    assert.deepEqual(await list({}), ['u1', 'u2', 'u3', 'u4', 'u5', 'u6'])
    assert.deepEqual(await list({ delimiter: '/' }), ['u1', 'u2', 'u3', 'b/', 'u6'])
    assert.deepEqual(await list({ limit: 2 }), ['u1', 'u2', '> a'])
    assert.deepEqual(await list({ limit: 2, after: 'a', afterUploadId: 'u2' }), [
      'u3',
      'u4',
      '> b/x',
    ])
    assert.deepEqual(await list({ after: 'a' }), ['u4', 'u5', 'u6'])
    assert.deepEqual(await list({ prefix: 'b/' }), ['u4', 'u5'])
  })

  check('a part may be ranges of what files hold, and outlives them', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await store(catalog, draftOf('source', { size: 100 }, blobOf('source', 100)))
    await create(catalog, 'u')
    const ranges = [
      { contentId: 'source', kind: 'blob', start: 10, length: 3 },
      { contentId: 'source', kind: 'blob', start: 90, length: 2 },
    ] as const
    await putPart(catalog, 1, { kind: 'segments', contentId: 'copied', segments: ranges })
    await putPart(catalog, 2, blobOf('own', 5))
    await remove(catalog, 'source')
    assert.deepEqual(await queuedIds(catalog), [])
    const outcome = await complete(catalog, [1, 2])
    assert.ok(outcome.outcome === 'committed')
    const { contentId } = outcome.file.content
    const found = await catalog.contents.segments(contentId, { start: 0, end: 9 })
    const own = { contentId: 'own', kind: 'blob', start: 0, length: 5 }
    assert.deepEqual(found?.segments, [...ranges, own])
    await remove(catalog, 'big')
    assert.deepEqual(await queuedIds(catalog), ['own', 'source'])
  })
}
