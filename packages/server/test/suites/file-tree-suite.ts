/** The contract of `FileTree`, for every driver that keeps versions. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { ByteRange } from '../../src/blobs/blob-store.ts'
import type {
  OpenConditions,
  PartConditions,
  SealedBody,
  WriteConditions,
} from '../../src/catalog/file-steps.ts'
import type { FileRecord, UploadRecord, Versioning } from '../../src/catalog/records.ts'
import type { FileTree, WriteRequest } from '../../src/trees/file-tree.ts'
import { failAfter, inChunks, readAll, sampleBytes } from './blob-store-suite.ts'

export interface FileTreeFixture {
  readonly tree: FileTree
  readonly createBucket: (name: string, versioning: Versioning) => Promise<void>
  readonly epoch: () => Promise<number>
  /** Somebody changes a key, a rule or a folder: the epoch moves. */
  readonly changeRights: () => Promise<void>
  /** How many bodies are at rest outside the tree's own records, once what nobody refers to has been swept. */
  readonly countBlobs: () => Promise<number>
  readonly dispose: () => Promise<void>
}

const NEVER: AbortSignal = new AbortController().signal
const DRAFT = { contentType: 'text/plain', headers: {}, metadata: {}, tags: {} }
/** Rests outside the catalog. */
const LARGE = 100_000

const at = (key: string) => ({ bucket: 'acme', key })

function sealOf(bytes: Uint8Array): SealedBody {
  const etag = createHash('md5').update(bytes).digest('hex')
  return { size: bytes.length, etag, checksums: [] }
}

const free =
  (more: Partial<WriteConditions> = {}) =>
  async (): Promise<WriteConditions> => ({
    epoch: null,
    ...more,
  })

function requestOf(key: string, bytes: Uint8Array, more: Partial<WriteRequest> = {}): WriteRequest {
  return {
    path: at(key),
    draft: DRAFT,
    body: inChunks(bytes, 65_536),
    size: bytes.length,
    seal: async () => sealOf(bytes),
    conditions: free(),
    signal: NEVER,
    ...more,
  }
}

async function put(tree: FileTree, key: string, bytes: Uint8Array): Promise<FileRecord> {
  const outcome = await tree.write(requestOf(key, bytes))
  assert.ok(outcome.outcome === 'committed')
  return outcome.file
}

async function read(
  tree: FileTree,
  file: FileRecord,
  range: ByteRange | null = null,
): Promise<Buffer> {
  const body = await tree.open(file, range, NEVER)
  assert.ok(body !== null && body.kind !== 'redirect')
  return body.kind === 'bytes' ? Buffer.from(body.bytes) : readAll(body.reader)
}

function uploadOf(id: string): UploadRecord {
  return {
    id,
    ...at('big'),
    ...DRAFT,
    checksumAlgorithm: null,
    checksumType: null,
    createdBy: 'key1',
    quotaKey: '',
    createdAt: 0,
    expiresAt: 1e15,
    resumable: null,
  }
}

async function openUpload(tree: FileTree, id: string): Promise<void> {
  const conditions = (): Promise<OpenConditions> => Promise.resolve({ epoch: null, maxOpen: 9 })
  const outcome = await tree.uploads.create({ upload: uploadOf(id), conditions })
  assert.deepEqual(outcome, { outcome: 'opened' })
}

function freePart(): Promise<PartConditions> {
  return Promise.resolve({ epoch: null, maxOpenBytes: 1e15 })
}

async function abort(tree: FileTree): Promise<boolean> {
  const outcome = await tree.uploads.abort({ uploadId: 'u', conditions: free() })
  return outcome.outcome === 'aborted'
}

async function writePart(tree: FileTree, number: number, bytes: Uint8Array): Promise<void> {
  const outcome = await tree.uploads.writePart({
    uploadId: 'u',
    number,
    body: inChunks(bytes, 65_536),
    size: null,
    seal: async () => sealOf(bytes),
    sha256: null,
    conditions: freePart,
    signal: NEVER,
  })
  assert.equal(outcome.outcome, 'stored')
}

async function copyPart(
  tree: FileTree,
  number: number,
  source: FileRecord,
  range: ByteRange,
): Promise<Buffer> {
  const bytes = await read(tree, source, range)
  const outcome = await tree.uploads.copyPart({
    uploadId: 'u',
    number,
    source,
    range,
    sealed: sealOf(bytes),
    conditions: freePart,
  })
  assert.equal(outcome.outcome, 'stored')
  return bytes
}

async function completeAll(tree: FileTree): ReturnType<FileTree['uploads']['complete']> {
  const parts = await tree.uploads.listParts('u', 0, 10_000)
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  const sealed = { size, etag: `joined-${parts.length}`, checksums: [] }
  return tree.uploads.complete({
    uploadId: 'u',
    parts,
    sealed,
    forgetAt: 1e15,
    conditions: free(),
  })
}

async function upload(tree: FileTree, parts: readonly Uint8Array[]): Promise<FileRecord> {
  await openUpload(tree, 'u')
  for (const [index, bytes] of parts.entries()) await writePart(tree, index + 1, bytes)
  const outcome = await completeAll(tree)
  assert.ok(outcome.outcome === 'committed')
  return outcome.file
}

type Check = (title: string, body: (fixture: FileTreeFixture) => Promise<void>) => void

export function fileTreeSuite(name: string, create: () => Promise<FileTreeFixture>): void {
  const check: Check = (title, body) => {
    test(title, async () => {
      const fixture = await create()
      try {
        await fixture.createBucket('acme', 'off')
        await body(fixture)
      } finally {
        await fixture.dispose()
      }
    })
  }
  describe(`${name}: writing and reading`, () => writeChecks(check))
  describe(`${name}: rights that change`, () => epochChecks(check))
  describe(`${name}: copying, moving, removing`, () => nameChecks(check))
  describe(`${name}: uploads in parts`, () => uploadChecks(check))
}

function writeChecks(check: Check): void {
  for (const size of [0, 1, 32_768, 32_769, 1_048_576, 1_048_577, 3_000_000]) {
    check(`${size} bytes come back as they were written, whole and in ranges`, async ({ tree }) => {
      const bytes = sampleBytes(size)
      const file = await put(tree, 'a', bytes)
      assert.deepEqual(await tree.find(at('a')), file)
      assert.ok(bytes.equals(await read(tree, file)))
      if (size === 0) return
      for (const range of [
        { start: 0, end: 0 },
        { start: size - 1, end: size - 1 },
        { start: size >> 1, end: size - 1 },
      ]) {
        const expected = bytes.subarray(range.start, range.end + 1)
        assert.ok(expected.equals(await read(tree, file, range)))
      }
    })
  }

  check('a body that is not what was announced leaves nothing', async ({ tree, countBlobs }) => {
    const seal = (): Promise<SealedBody> => Promise.reject(new Error('not what was announced'))
    for (const size of [10, LARGE]) {
      const request = requestOf('a', sampleBytes(size), { seal })
      await assert.rejects(tree.write(request), /not what was announced/)
    }
    assert.equal(await tree.find(at('a')), null)
    assert.equal(await countBlobs(), 0)
  })

  check('a body that breaks off leaves nothing', async ({ tree, countBlobs }) => {
    for (const size of [10, LARGE]) {
      const body = failAfter(sampleBytes(size), new Error('the client went away'))
      await assert.rejects(tree.write(requestOf('a', sampleBytes(9), { body })), /went away/)
    }
    assert.equal(await tree.find(at('a')), null)
    assert.equal(await countBlobs(), 0)
  })

  check('a write that is refused leaves nothing', async ({ tree, countBlobs }) => {
    await put(tree, 'a', Buffer.from('first'))
    const request = requestOf('a', sampleBytes(LARGE), { conditions: free({ ifAbsent: true }) })
    assert.deepEqual(await tree.write(request), { outcome: 'condition-failed' })
    assert.equal(String(await read(tree, await mustFind(tree, 'a'))), 'first')
    assert.equal(await countBlobs(), 0)
  })

  check('an abort after the last byte still ends the write', async ({ tree, countBlobs }) => {
    const abort = new AbortController()
    const request = requestOf('a', sampleBytes(LARGE), {
      signal: abort.signal,
      conditions: async () => {
        abort.abort(new Error('aborted by test'))
        return { epoch: null }
      },
    })
    await assert.rejects(tree.write(request), /aborted by test/)
    assert.equal(await countBlobs(), 0)
  })

  check('what was replaced can be read by whoever found it, until it is swept', async (fixture) => {
    const { tree, countBlobs } = fixture
    const old = await put(tree, 'a', sampleBytes(2_000_000))
    const body = await tree.open(old, null, NEVER)
    await put(tree, 'a', sampleBytes(LARGE))
    assert.ok(body?.kind === 'reader')
    assert.ok(sampleBytes(2_000_000).equals(await readAll(body.reader)))
    assert.equal(await countBlobs(), 1)
  })
}

function epochChecks(check: Check): void {
  check(
    'rights are looked at once more when they changed while the bytes came',
    async (fixture) => {
      const { tree, epoch, changeRights } = fixture
      const asked: number[] = []
      const request = requestOf('a', sampleBytes(LARGE), {
        conditions: async () => {
          const current = await epoch()
          asked.push(current)
          if (asked.length === 1) await changeRights()
          return { epoch: current }
        },
      })
      assert.equal((await tree.write(request)).outcome, 'committed')
      assert.equal(asked.length, 2)
      assert.notEqual(asked[0], asked[1])
    },
  )

  check('rights that are gone by then end the write, and nothing is left', async (fixture) => {
    const { tree, epoch, changeRights, countBlobs } = fixture
    let asked = 0
    const request = requestOf('a', sampleBytes(LARGE), {
      conditions: async () => {
        asked += 1
        if (asked === 2) throw new Error('the key was revoked')
        const current = await epoch()
        await changeRights()
        return { epoch: current }
      },
    })
    await assert.rejects(tree.write(request), /the key was revoked/)
    assert.equal(await tree.find(at('a')), null)
    assert.equal(await countBlobs(), 0)
  })

  check('rights that never stand still end the write too', async (fixture) => {
    const { tree, countBlobs } = fixture
    const request = requestOf('a', sampleBytes(LARGE), { conditions: free({ epoch: -1 }) })
    assert.deepEqual(await tree.write(request), { outcome: 'epoch-changed' })
    assert.equal(await countBlobs(), 0)
  })
}

async function mustFind(tree: FileTree, key: string): Promise<FileRecord> {
  const file = await tree.find(at(key))
  assert.ok(file !== null)
  return file
}

function nameChecks(check: Check): void {
  for (const size of [100, LARGE]) {
    check(`a copy of ${size} bytes moves none and outlives its source`, async (fixture) => {
      const { tree, countBlobs } = fixture
      const bytes = sampleBytes(size)
      const source = await put(tree, 'a', bytes)
      const blobs = await countBlobs()
      const draft = { ...DRAFT, contentType: 'image/png' }
      const copied = await tree.copy({
        source,
        path: at('b'),
        draft,
        checksums: source.checksums,
        conditions: free(),
      })
      assert.ok(copied.outcome === 'committed')
      assert.equal(copied.file.contentType, 'image/png')
      assert.equal(copied.file.etag, source.etag)
      assert.notEqual(copied.file.id, source.id)
      assert.equal(await countBlobs(), blobs)
      await tree.remove({ path: at('a'), versionId: null, conditions: free() })
      assert.equal(await countBlobs(), blobs)
      assert.ok(bytes.equals(await read(tree, copied.file)))
      await tree.remove({ path: at('b'), versionId: null, conditions: free() })
      assert.equal(await countBlobs(), 0)
    })
  }

  check('a copy of what is gone is refused', async ({ tree, countBlobs }) => {
    const source = await put(tree, 'a', sampleBytes(LARGE))
    await tree.remove({ path: at('a'), versionId: null, conditions: free() })
    const copied = await tree.copy({
      source,
      path: at('b'),
      draft: DRAFT,
      checksums: source.checksums,
      conditions: free(),
    })
    assert.deepEqual(copied, { outcome: 'file-missing' })
    assert.equal(await countBlobs(), 0)
  })

  check('a moved file keeps its id and its bytes', async ({ tree, countBlobs }) => {
    const file = await put(tree, 'a', sampleBytes(LARGE))
    const moved = await tree.move({
      id: file.id,
      from: at('a'),
      to: at('b'),
      overwrite: false,
      maxBytes: LARGE,
      conditions: free(),
    })
    assert.ok(moved.outcome === 'moved')
    assert.equal(await tree.find(at('a')), null)
    assert.deepEqual(await tree.findById(file.id), moved.file)
    assert.ok(sampleBytes(LARGE).equals(await read(tree, moved.file)))
    assert.equal(await countBlobs(), 1)
  })

  check('a version is tagged where it lies', async ({ tree }) => {
    const file = await put(tree, 'a', Buffer.from('x'))
    const tags = { team: 'a' }
    const tagged = await tree.tag({ path: at('a'), versionId: null, tags, conditions: free() })
    assert.equal(tagged.outcome, 'tagged')
    assert.deepEqual(await tree.find(at('a')), { ...file, tags })
    const missing = { path: at('b'), versionId: null, tags, conditions: free() }
    assert.equal((await tree.tag(missing)).outcome, 'file-missing')
  })

  check('versions are kept, listed and read where the bucket keeps them', async (fixture) => {
    const { tree, createBucket } = fixture
    await createBucket('kept', 'enabled')
    const path = { bucket: 'kept', key: 'a' }
    const texts = ['first', 'second', 'third']
    for (const text of texts) await tree.write({ ...requestOf('a', Buffer.from(text)), path })
    const removed = await tree.remove({ path, versionId: null, conditions: free() })
    assert.ok(removed.outcome === 'removed' && removed.isDeleteMarker)
    assert.equal(await tree.find(path), null)
    assert.notEqual(await tree.findMarker(path), null)
    const query = { bucket: 'kept', prefix: '', delimiter: '', after: '', limit: 10 }
    const { entries } = await tree.listVersions({ ...query, afterVersionId: null })
    const found: string[] = []
    for (const entry of entries) {
      assert.ok(entry.kind === 'file')
      const version = await tree.findVersion(path, entry.file.versionId)
      assert.deepEqual(version, entry.file)
      found.push(entry.file.isDeleteMarker ? 'gone' : String(await read(tree, entry.file)))
    }
    assert.deepEqual(found, ['gone', 'third', 'second', 'first'])
    assert.deepEqual((await tree.list(query)).entries, [])
  })
}

function uploadChecks(check: Check): void {
  check('a file made of parts reads as one, in any range', async ({ tree }) => {
    const sizes = [40_000, 1, 200_000, 0, 32_768, 900_000, 5]
    const parts = sizes.map((size, index) => sampleBytes(size + index).subarray(index))
    const whole = Buffer.concat(parts)
    const file = await upload(tree, parts)
    assert.deepEqual(file.partSizes, sizes)
    assert.ok(whole.equals(await read(tree, file)))
    const edges = sizes.map((_, index) => Buffer.concat(parts.slice(0, index)).length)
    const offset = fc.oneof(
      fc.integer({ min: 0, max: whole.length - 1 }),
      fc.constantFrom(...edges.flatMap((edge) => [Math.max(0, edge - 1), edge])),
    )
    await fc.assert(
      fc.asyncProperty(offset, offset, async (a, b) => {
        const range = { start: Math.min(a, b), end: Math.max(a, b) }
        const expected = whole.subarray(range.start, range.end + 1)
        assert.ok(expected.equals(await read(tree, file, range)))
      }),
      { numRuns: 60, seed: 3 },
    )
  })

  check(
    'a reader of many parts fills any buffer and can be closed at any time',
    async ({ tree }) => {
      const parts = [600_000, 600_000].map(sampleBytes)
      const file = await upload(tree, parts)
      const range = { start: 599_998, end: 600_001 }
      const body = await tree.open(file, range, NEVER)
      assert.ok(body?.kind === 'reader')
      const buffer = Buffer.alloc(100)
      assert.equal(await body.reader.readInto(buffer), 2)
      assert.equal(await body.reader.readInto(buffer.subarray(0, 1)), 1)
      assert.equal(await body.reader.readInto(buffer), 1)
      assert.equal(await body.reader.readInto(buffer), 0)
      await body.reader.close()
      await body.reader.close()
      const early = await tree.open(file, null, NEVER)
      assert.ok(early?.kind === 'reader')
      await early.reader.readInto(buffer)
      await early.reader.close()
      assert.equal(await early.reader.readInto(buffer), 0)
    },
  )

  check('what was opened reads to its end, however slowly, when its file is gone', async (f) => {
    const parts = [1_200_000, 1000, 70_000].map(sampleBytes)
    const files = [await upload(f.tree, parts), await put(f.tree, 'plain', sampleBytes(1_300_000))]
    const opened = []
    for (const file of files) {
      const body = await f.tree.open(file, null, NEVER)
      assert.ok(body?.kind === 'reader')
      const first = Buffer.alloc(10)
      await body.reader.readInto(first)
      opened.push({ first, reader: body.reader })
      const outcome = await f.tree.remove({ path: file, versionId: null, conditions: free() })
      assert.equal(outcome.outcome, 'removed')
    }
    assert.equal(await f.countBlobs(), 3)
    assert.equal(await f.countBlobs(), 3)
    const [joined, plain] = await Promise.all(
      opened.map(async ({ first, reader }) => Buffer.concat([first, await readAll(reader)])),
    )
    assert.ok(joined?.equals(Buffer.concat(parts)))
    assert.ok(plain?.equals(sampleBytes(1_300_000)))
    assert.equal(await f.countBlobs(), 0)
  })

  check('a part in no slot leaves nothing', async ({ tree, countBlobs }) => {
    const outcome = await tree.uploads.writePart({
      uploadId: 'gone',
      number: 1,
      body: inChunks(sampleBytes(LARGE), 65_536),
      size: null,
      seal: async () => sealOf(sampleBytes(LARGE)),
      sha256: null,
      conditions: freePart,
      signal: NEVER,
    })
    assert.deepEqual(outcome, { outcome: 'upload-missing' })
    assert.equal(await countBlobs(), 0)
  })

  check('a part that is sent again replaces the one before', async ({ tree, countBlobs }) => {
    await openUpload(tree, 'u')
    await writePart(tree, 1, sampleBytes(LARGE))
    await writePart(tree, 1, sampleBytes(LARGE + 1))
    assert.equal(await countBlobs(), 1)
    const [part] = await tree.uploads.listParts('u', 0, 10)
    assert.equal(part?.size, LARGE + 1)
  })

  check('parts may be ranges of files, small, large and themselves made of parts', async (f) => {
    const { tree } = f
    const small = await put(tree, 'small', sampleBytes(5000))
    const large = await put(tree, 'large', sampleBytes(LARGE))
    const joined = await upload(tree, [sampleBytes(70_000), sampleBytes(3000), sampleBytes(80_000)])
    await openUpload(tree, 'u')
    const copied = [
      await copyPart(tree, 1, small, { start: 10, end: 4000 }),
      await copyPart(tree, 2, large, { start: 0, end: LARGE - 1 }),
      await copyPart(tree, 3, large, { start: LARGE - 1, end: LARGE - 1 }),
      await copyPart(tree, 4, joined, { start: 69_990, end: 73_010 }),
      await copyPart(tree, 5, joined, { start: 0, end: joined.size - 1 }),
    ]
    await writePart(tree, 6, sampleBytes(9))
    const outcome = await completeAll(tree)
    assert.ok(outcome.outcome === 'committed')
    for (const key of ['small', 'large']) {
      await tree.remove({ path: at(key), versionId: null, conditions: free() })
    }
    await f.countBlobs()
    const whole = Buffer.concat([...copied, sampleBytes(9)])
    assert.ok(whole.equals(await read(tree, outcome.file)))
  })

  check('files made of files do not grow without bound', async ({ tree, countBlobs }) => {
    const tiny = Array.from({ length: 40 }, (_, index) => sampleBytes(1000 + index))
    const source = await upload(tree, tiny)
    await openUpload(tree, 'u')
    const range = { start: 1, end: source.size - 2 }
    const bytes = await copyPart(tree, 1, source, range)
    const outcome = await completeAll(tree)
    assert.ok(outcome.outcome === 'committed')
    assert.notEqual(outcome.file.content.kind, 'segments')
    assert.ok(bytes.equals(await read(tree, outcome.file)))
    assert.equal(await countBlobs(), 1)
  })

  check('of a completion and an abort at once one wins, and nothing is left over', async (f) => {
    const { tree, countBlobs } = f
    for (let round = 0; round < 10; round += 1) {
      await openUpload(tree, 'u')
      await writePart(tree, 1, sampleBytes(LARGE))
      await writePart(tree, 2, sampleBytes(LARGE))
      const both = [() => completeAll(tree), () => abort(tree)] as const
      const order = round % 2 === 0 ? both : both.toReversed()
      const outcomes = await Promise.all(order.map((start) => start()))
      const isCompleted = outcomes.some(
        (outcome) => typeof outcome === 'object' && outcome.outcome === 'committed',
      )
      assert.notEqual(isCompleted, outcomes.includes(true))
      assert.equal(await countBlobs(), isCompleted ? 2 : 0)
      await tree.remove({ path: at('big'), versionId: null, conditions: free() })
    }
  })

  check('open uploads are found and listed until they end', async ({ tree, countBlobs }) => {
    await openUpload(tree, 'u')
    await openUpload(tree, 'v')
    assert.deepEqual(await tree.uploads.find('u'), uploadOf('u'))
    const query = { bucket: 'acme', prefix: '', delimiter: '', after: '', afterUploadId: '' }
    const { entries } = await tree.uploads.list({ ...query, limit: 10 })
    assert.equal(entries.length, 2)
    await writePart(tree, 1, sampleBytes(LARGE))
    assert.equal(await abort(tree), true)
    assert.equal(await abort(tree), false)
    assert.equal(await tree.uploads.find('u'), null)
    assert.equal(await countBlobs(), 0)
  })
}
