/**
 * Contents by count. Nothing is swept while something holds it and nothing is left when nothing does, whatever happened in
 * whichever order: compared with a model that knows no counting.
 */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Catalog, NewContent } from '../../src/catalog/catalog.ts'
import type { Content, Segment, UploadRecord, Versioning } from '../../src/catalog/records.ts'
import {
  at,
  blobOf,
  commit,
  contentIdOf,
  createBucket,
  createBuckets,
  draftOf,
  inlineOf,
  move,
  nextId,
  queuedIds,
  remove,
  store,
} from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

const KEYS = ['a', 'b', 'c'] as const
const VERSIONINGS: readonly Versioning[] = ['off', 'enabled', 'suspended']

export function catalogSharingSuite(check: CheckCatalog): void {
  check('a copy holds what its source held, and outlives it', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const source = draftOf('a', {}, inlineOf('bytes'))
    const { content } = await store(catalog, source)
    await store(catalog, draftOf('b', {}, { kind: 'shared', content }))
    await remove(catalog, 'a')
    assert.deepEqual(await queuedIds(catalog), [])
    assert.deepEqual((await catalog.files.find(at('b')))?.content, content)
    await remove(catalog, 'b')
    assert.deepEqual(await queuedIds(catalog), [contentIdOf(source)])
  })

  check('a file copied onto itself keeps its bytes', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const { content } = await store(catalog, draftOf('a'))
    const copy = draftOf('a', { metadata: { new: 'yes' } }, { kind: 'shared', content })
    assert.deepEqual((await store(catalog, copy)).content, content)
    assert.deepEqual(await queuedIds(catalog), [])
  })

  check('what nobody holds any more is not shared again', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const { content } = await store(catalog, draftOf('a'))
    await remove(catalog, 'a')
    const outcome = await commit(catalog, draftOf('b', {}, { kind: 'shared', content }))
    assert.deepEqual(outcome, { outcome: 'file-missing' })
    assert.deepEqual(await queuedIds(catalog), [content.contentId])
  })

  for (const versioning of VERSIONINGS) {
    check(
      `after any operations with versions ${versioning} the contents are those held`,
      async (f) => {
        const { catalog, other } = f
        await createBucket(catalog, versioning)
        const world = createWorld(catalog)
        await fc.assert(
          fc.asyncProperty(
            fc.array(operation(versioning), { maxLength: 40 }),
            async (operations) => {
              for (const one of operations) await world.run(one)
              await world.compare(other)
              await world.clear()
            },
          ),
          { numRuns: 25, seed: 17 },
        )
      },
    )
  }
}

type Key = (typeof KEYS)[number]

type Operation =
  | { readonly kind: 'put'; readonly key: Key; readonly isInline: boolean }
  | { readonly kind: 'copy' | 'move'; readonly key: Key; readonly to: Key }
  | { readonly kind: 'remove'; readonly key: Key }
  | { readonly kind: 'remove-version'; readonly key: Key; readonly number: number }
  | { readonly kind: 'part'; readonly number: number; readonly isEmpty: boolean }
  | {
      readonly kind: 'part-copy'
      readonly number: number
      readonly key: Key
      readonly start: number
    }
  | { readonly kind: 'complete'; readonly leaveOut: number }
  | { readonly kind: 'abort' }
  | { readonly kind: 'versioning'; readonly to: Versioning }

function operation(versioning: Versioning): fc.Arbitrary<Operation> {
  const key = fc.constantFrom(...KEYS)
  const number = fc.integer({ min: 1, max: 4 })
  const kind = <Kind extends Operation['kind']>(name: Kind) => fc.constant(name)
  return fc.oneof(
    fc.record({ kind: kind('put'), key, isInline: fc.boolean() }),
    fc.record({ kind: fc.constantFrom('copy' as const, 'move' as const), key, to: key }),
    fc.record({ kind: kind('remove'), key }),
    fc.record({ kind: kind('remove-version'), key, number }),
    fc.record({ kind: kind('part'), number, isEmpty: fc.boolean() }),
    fc.record({ kind: kind('part-copy'), number, key, start: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ kind: kind('complete'), leaveOut: number }),
    fc.record({ kind: kind('abort') }),
    versioning === 'off'
      ? fc.record({ kind: kind('abort') })
      : fc.record({
          kind: kind('versioning'),
          to: fc.constantFrom<Versioning>('enabled', 'suspended'),
        }),
  )
}

interface World {
  run(operation: Operation): Promise<void>
  /** The contents that are there, beside those that versions and parts hold. */
  compare(from: Catalog): Promise<void>
  clear(): Promise<void>
}

/** Every content has five bytes per segment, so that the model need not know sizes. */
function createWorld(catalog: Catalog): World {
  const made = new Set<string>()
  const slot = { key: 'none', id: '' }

  const fresh = (isInline: boolean): NewContent => {
    const contentId = nextId('c')
    made.add(contentId)
    return isInline ? inlineOf('12345', contentId) : blobOf(contentId, 5)
  }

  async function openSlot(): Promise<string> {
    if (slot.id !== '') return slot.id
    slot.id = nextId('u')
    const upload: UploadRecord = {
      id: slot.id,
      bucket: 'acme',
      key: 'a',
      contentType: '',
      headers: {},
      metadata: {},
      tags: {},
      checksumAlgorithm: null,
      checksumType: null,
      createdBy: 'k',
      quotaKey: '',
      createdAt: 0,
      expiresAt: 10,
      resumable: null,
    }
    await catalog.uploads.create(upload, { epoch: null, maxOpen: 9 })
    return slot.id
  }

  async function putPart(number: number, content: NewContent, size: number): Promise<void> {
    const uploadId = await openSlot()
    const etag = `${size}`
    const part = { uploadId, number, size, etag, checksums: [], modifiedAt: 1 }
    await catalog.uploads.putPart(part, content, { epoch: null, maxOpenBytes: 1e15 })
  }

  async function copyPart(number: number, key: Key, start: number): Promise<void> {
    const file = await catalog.files.find(at(key))
    if (file === null || file.size === 0) return
    const from = Math.min(start, file.size - 1)
    const length = Math.min(4, file.size - from)
    const segments = await segmentsOf(catalog, file.content, { from, length })
    const contentId = nextId('c')
    made.add(contentId)
    await putPart(number, { kind: 'segments', contentId, segments }, length)
  }

  async function complete(leaveOut: number): Promise<void> {
    const uploadId = await openSlot()
    const all = await catalog.uploads.listParts(uploadId, 0, 100)
    const parts = all.filter(({ number }) => number !== leaveOut)
    const size = parts.reduce((sum, part) => sum + part.size, 0)
    const contentId = nextId('c')
    made.add(contentId)
    const ids = { newFileId: nextId('f'), newVersionId: nextId('v') }
    const sealed = { size, etag: 'x', checksums: [] }
    const outcome = await catalog.uploads.complete(
      { uploadId, parts, sealed, contentId, ...ids, nowMs: 1, forgetAt: 2 },
      { epoch: null },
    )
    if (outcome.outcome === 'committed') slot.id = ''
  }

  async function removeVersion(key: Key, number: number): Promise<void> {
    const versions = await versionsOf(catalog)
    const named = versions.filter((version) => version.key === key)[number - 1]
    if (named !== undefined) await remove(catalog, key, { versionId: named.versionId })
  }

  async function abort(): Promise<void> {
    if (slot.id !== '') await catalog.uploads.abort(slot.id, 1, { epoch: null })
    slot.id = ''
  }

  async function carry(kind: 'copy' | 'move', key: Key, to: Key): Promise<void> {
    const file = await catalog.files.find(at(key))
    if (file === null) return
    if (kind === 'move') await move(catalog, file, { key: to, overwrite: true })
    else {
      const { size, content } = file
      await store(catalog, draftOf(to, { size }, { kind: 'shared', content }))
    }
  }

  async function putEmptyPart(number: number): Promise<void> {
    const empty = nextId('c')
    made.add(empty)
    await putPart(number, inlineOf('', empty), 0)
  }

  async function run(one: Operation): Promise<void> {
    switch (one.kind) {
      case 'put':
        await store(catalog, draftOf(one.key, { size: 5 }, fresh(one.isInline)))
        return
      case 'copy':
      case 'move':
        return carry(one.kind, one.key, one.to)
      case 'remove':
        await remove(catalog, one.key)
        return
      case 'remove-version':
        return removeVersion(one.key, one.number)
      case 'part':
        return one.isEmpty ? putEmptyPart(one.number) : putPart(one.number, fresh(false), 5)
      case 'part-copy':
        return copyPart(one.number, one.key, one.start)
      case 'complete':
        return complete(one.leaveOut)
      case 'abort':
        return abort()
      case 'versioning':
        await catalog.buckets.update('acme', { versioning: one.to }, null)
    }
  }

  async function compare(from: Catalog): Promise<void> {
    const held = new Set<string>()
    const contents = (await versionsOf(from)).flatMap((version) =>
      version.isDeleteMarker ? [] : [version.content],
    )
    if (slot.id !== '') {
      contents.push(...(await from.uploads.listParts(slot.id, 0, 100)).map((part) => part.content))
    }
    for (const content of contents) {
      held.add(content.contentId)
      if (content.kind !== 'segments') continue
      const all = { start: 0, end: Number.MAX_SAFE_INTEGER }
      const found = await from.contents.segments(content.contentId, all)
      assert.ok(found !== null, 'segments of a version are there')
      for (const segment of found.segments) held.add(segment.contentId)
    }
    const queued = new Set(await queuedIds(from))
    for (const id of held) {
      assert.ok(await from.sweep.isKnown(id), `${id} is held and there`)
      assert.ok(!queued.has(id), `${id} is held and not swept`)
    }
    for (const id of made) {
      if (held.has(id)) continue
      const isListed = queued.has(id)
      assert.equal(await from.sweep.isKnown(id), isListed, `${id} is held by nobody, so swept`)
    }
  }

  async function clear(): Promise<void> {
    await abort()
    for (const version of await versionsOf(catalog)) {
      await remove(catalog, version.key, { versionId: version.versionId })
    }
    await compare(catalog)
    await catalog.sweep.done(await queuedIds(catalog))
    for (const id of made) assert.equal(await catalog.sweep.isKnown(id), false, `${id} is gone`)
    made.clear()
  }

  return { run, compare, clear }
}

async function versionsOf(catalog: Catalog) {
  const all = { bucket: 'acme', prefix: '', delimiter: '', after: '', limit: 10_000 }
  const { entries } = await catalog.files.listVersions({ ...all, afterVersionId: null })
  return entries.flatMap((entry) => (entry.kind === 'file' ? [entry.file] : []))
}

/** Byte by byte: slow, and plainly right. */
async function segmentsOf(
  catalog: Catalog,
  content: Content,
  { from, length }: { from: number; length: number },
): Promise<Segment[]> {
  const kind = content.kind
  assert.ok(kind !== 'stored')
  const whole: readonly Segment[] =
    kind === 'segments'
      ? ((await catalog.contents.segments(content.contentId, { start: 0, end: 1e9 }))?.segments ??
        [])
      : [{ contentId: content.contentId, kind, start: 0, length: 5 }]
  const bytes = whole.flatMap((segment) =>
    Array.from({ length: segment.length }, (_, offset) => ({
      ...segment,
      start: segment.start + offset,
      length: 1,
    })),
  )
  return bytes.slice(from, from + length)
}
