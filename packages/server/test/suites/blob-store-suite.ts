/** The contract of `BlobStore`, for every driver. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type { BlobReader, BlobStore, ByteRange } from '../../src/blobs/blob-store.ts'
import { StoreError } from '../../src/platform/store-errors.ts'
import type { StoreFault } from '../../src/platform/store-errors.ts'

export interface BlobStoreFixture {
  readonly store: BlobStore
  /** How many temporary files or buffers there are. */
  readonly countTemporary: () => Promise<number>
  /** Harms a blob at rest behind the store's back. */
  readonly damage: (blobId: string, how: 'remove' | 'truncate') => Promise<void>
  readonly dispose: () => Promise<void>
}

type FoundBlob = ReturnType<BlobStore['list']> extends AsyncIterable<infer Found> ? Found : never

const ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const OTHER_ID = 'BBBBBBBBBBBBBBBBBBBBBB'
const NEVER: AbortSignal = new AbortController().signal
const FREELY = { size: null, signal: NEVER }

export function blobStoreSuite(name: string, create: () => Promise<BlobStoreFixture>): void {
  function check(title: string, body: (fixture: BlobStoreFixture) => Promise<void>): void {
    test(title, async () => {
      const fixture = await create()
      try {
        await body(fixture)
      } finally {
        await fixture.store.close()
        await fixture.dispose()
      }
    })
  }

  describe(`${name}: writing`, () => {
    for (const size of [0, 1, 4095, 65_536, 1_048_577, 3_000_000]) {
      check(`${size} bytes come back as they were written`, async ({ store }) => {
        const bytes = sampleBytes(size)
        assert.equal(await store.write(ID, inChunks(bytes, 65_536), FREELY), size)
        assert.equal(digest(await readAll(await store.open(ID, null, NEVER))), digest(bytes))
      })
    }

    check('thousands of tiny and empty chunks make one blob', async ({ store }) => {
      const bytes = sampleBytes(5000)
      assert.equal(await store.write(ID, withEmptyChunks(inChunks(bytes, 3)), FREELY), 5000)
      assert.deepEqual(await readAll(await store.open(ID, null, NEVER)), bytes)
    })

    check('an id that exists is a conflict and the blob stays as it was', async ({ store }) => {
      await store.write(ID, inChunks(Buffer.from('first'), 5), FREELY)
      await rejectsWith('conflict', store.write(ID, inChunks(Buffer.from('second'), 6), FREELY))
      assert.equal(String(await readAll(await store.open(ID, null, NEVER))), 'first')
    })

    check('of many writers of one id exactly one succeeds', async ({ store, countTemporary }) => {
      const texts = Array.from({ length: 8 }, (_, writer) => `writer ${writer}`)
      const results = await Promise.allSettled(
        texts.map((text) => store.write(ID, inChunks(Buffer.from(text), 3), FREELY)),
      )
      const winners = results.flatMap((result, at) => (result.status === 'fulfilled' ? [at] : []))
      assert.equal(winners.length, 1)
      for (const result of results) {
        if (result.status === 'rejected') assertFault('conflict', result.reason)
      }
      const kept = String(await readAll(await store.open(ID, null, NEVER)))
      assert.equal(kept, texts[winners[0] ?? -1])
      assert.equal(await countTemporary(), 0)
    })

    check('a finished write leaves no temporary bytes', async ({ store, countTemporary }) => {
      await store.write(ID, inChunks(sampleBytes(300_000), 65_536), FREELY)
      assert.equal(await countTemporary(), 0)
    })

    check('ids that could name another place are refused', async ({ store }) => {
      for (const id of ['../escape', 'a/b/c/d/e', '..', '', 'short', 'nul\u0000nulnul']) {
        await assert.rejects(store.write(id, inChunks(Buffer.from('x'), 1), FREELY), TypeError)
        await assert.rejects(store.open(id, null, NEVER), TypeError)
        await assert.rejects(store.delete(id), TypeError)
      }
    })
  })

  describe(`${name}: failing and aborted writes`, () => {
    for (const at of [0, 1, 299_999]) {
      check(`a body that fails after ${at} bytes leaves nothing`, async (fixture) => {
        const body = failAfter(sampleBytes(at), new Error('the client went away'))
        await assert.rejects(fixture.store.write(ID, body, FREELY), /the client went away/)
        await assertNothingLeft(fixture)
      })

      check(`an abort after ${at} of 300,000 bytes leaves nothing`, async (fixture) => {
        const abort = new AbortController()
        const body = stallAfter(sampleBytes(at), () => abort.abort(new Error('aborted by test')))
        await assert.rejects(
          fixture.store.write(ID, body, { size: null, signal: abort.signal }),
          /aborted by test/,
        )
        await assertNothingLeft(fixture)
      })
    }

    check('a write aborted before it began leaves nothing', async (fixture) => {
      const signal = AbortSignal.abort(new Error('aborted by test'))
      const body = inChunks(Buffer.from('x'), 1)
      await assert.rejects(fixture.store.write(ID, body, { size: null, signal }), /aborted by test/)
      await assertNothingLeft(fixture)
    })

    check('the id of a failed write can be written again', async ({ store }) => {
      await assert.rejects(store.write(ID, failAfter(sampleBytes(9), new Error('gone')), FREELY))
      assert.equal(await store.write(ID, inChunks(Buffer.from('again'), 2), FREELY), 5)
    })

    check('a failing body is told that nobody reads on', async ({ store }) => {
      const abort = new AbortController()
      let isReleased = false
      async function* body(): AsyncGenerator<Uint8Array> {
        try {
          yield sampleBytes(10)
          abort.abort(new Error('aborted by test'))
          yield sampleBytes(10)
          yield sampleBytes(10)
        } finally {
          isReleased = true
        }
      }
      await assert.rejects(
        store.write(ID, body(), { size: null, signal: abort.signal }),
        /aborted by test/,
      )
      assert.equal(isReleased, true)
    })
  })

  describe(`${name}: reading`, () => {
    const bytes = sampleBytes(200_000)
    const ranges: readonly ByteRange[] = [
      { start: 0, end: 0 },
      { start: 0, end: 199_999 },
      { start: 199_999, end: 199_999 },
      { start: 70_000, end: 140_000 },
    ]

    for (const range of ranges) {
      check(`the range ${range.start}-${range.end} is exact`, async ({ store }) => {
        await store.write(ID, inChunks(bytes, 65_536), FREELY)
        const read = await readAll(await store.open(ID, range, NEVER))
        assert.deepEqual(read, bytes.subarray(range.start, range.end + 1))
      })
    }

    check('a reader fills any buffer from its start and ends with 0', async ({ store }) => {
      await store.write(ID, inChunks(Buffer.from('0123456789'), 4), FREELY)
      const reader = await store.open(ID, { start: 2, end: 6 }, NEVER)
      const buffer = Buffer.alloc(4)
      assert.equal(await reader.readInto(buffer), 4)
      assert.equal(String(buffer), '2345')
      assert.equal(await reader.readInto(buffer), 1)
      assert.equal(String(buffer.subarray(0, 1)), '6')
      assert.equal(await reader.readInto(buffer), 0)
      assert.equal(await reader.readInto(buffer), 0)
      await reader.close()
      await reader.close()
    })

    check('several readers of one blob do not disturb each other', async ({ store }) => {
      await store.write(ID, inChunks(bytes, 65_536), FREELY)
      const readers = await Promise.all([1, 2, 3].map(() => store.open(ID, null, NEVER)))
      const reads = await Promise.all(readers.map(readAll))
      for (const read of reads) assert.equal(digest(read), digest(bytes))
    })

    check('an open reader outlives the blob', async ({ store }) => {
      await store.write(ID, inChunks(bytes, 65_536), FREELY)
      const reader = await store.open(ID, null, NEVER)
      await store.delete(ID)
      assert.equal(digest(await readAll(reader)), digest(bytes))
    })

    check('a blob that never was is corrupt, not empty', async ({ store }) => {
      await rejectsWith('corrupt', store.open(OTHER_ID, null, NEVER))
    })

    check('a blob removed behind the store is corrupt', async ({ store, damage }) => {
      await store.write(ID, inChunks(bytes, 65_536), FREELY)
      await damage(ID, 'remove')
      await rejectsWith('corrupt', store.open(ID, null, NEVER))
    })

    check('a range past the end of a shortened blob is corrupt', async ({ store, damage }) => {
      await store.write(ID, inChunks(bytes, 65_536), FREELY)
      await damage(ID, 'truncate')
      await rejectsWith('corrupt', store.open(ID, { start: 0, end: 199_999 }, NEVER))
    })

    check('an aborted open opens nothing', async ({ store }) => {
      await store.write(ID, inChunks(Buffer.from('x'), 1), FREELY)
      const signal = AbortSignal.abort(new Error('aborted by test'))
      await assert.rejects(store.open(ID, null, signal), /aborted by test/)
    })
  })

  describe(`${name}: deleting and listing`, () => {
    check('a deleted blob is gone, and deleting again is fine', async ({ store }) => {
      await store.write(ID, inChunks(Buffer.from('x'), 1), FREELY)
      await store.delete(ID)
      await store.delete(ID)
      await rejectsWith('corrupt', store.open(ID, null, NEVER))
      assert.equal(await store.write(ID, inChunks(Buffer.from('y'), 1), FREELY), 1)
    })

    check('the list names every blob with its size and nothing else', async ({ store }) => {
      await store.write(ID, inChunks(sampleBytes(7), 7), FREELY)
      await store.write(OTHER_ID, inChunks(sampleBytes(70_000), 4096), FREELY)
      await assert.rejects(
        store.write('CCCCCCCCCCCC', failAfter(sampleBytes(9), new Error('gone')), FREELY),
      )
      const listed = (await listAll(store)).map(({ blobId, size }) => ({ blobId, size }))
      assert.deepEqual(
        listed.toSorted((a, b) => a.size - b.size),
        [
          { blobId: ID, size: 7 },
          { blobId: OTHER_ID, size: 70_000 },
        ],
      )
    })

    check('a blob is looked at by its id', async ({ store }) => {
      await store.write(ID, inChunks(sampleBytes(70_000), 4096), { size: 70_000, signal: NEVER })
      const found = await store.stat(ID)
      assert.equal(found?.size, 70_000)
      assert.ok((found?.writtenAtMs ?? 0) > 0)
      assert.equal(await store.stat(OTHER_ID), null)
      await assert.rejects(store.stat('../escape'), TypeError)
    })

    check('removing leftovers touches no blob', async ({ store }) => {
      await store.write(ID, inChunks(Buffer.from('kept'), 4), FREELY)
      assert.equal(await store.removeLeftovers(Number.MAX_SAFE_INTEGER), 0)
      assert.equal(String(await readAll(await store.open(ID, null, NEVER))), 'kept')
    })
  })
}

async function assertNothingLeft({ store, countTemporary }: BlobStoreFixture): Promise<void> {
  assert.equal(await countTemporary(), 0)
  assert.deepEqual(await listAll(store), [])
  await rejectsWith('corrupt', store.open(ID, null, NEVER))
}

export async function listAll(store: BlobStore): Promise<FoundBlob[]> {
  const found: FoundBlob[] = []
  for await (const blob of store.list()) found.push(blob)
  return found
}

export async function rejectsWith(fault: StoreFault, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assertFault(fault, error)
    return true
  })
}

function assertFault(fault: StoreFault, error: unknown): void {
  assert.ok(error instanceof StoreError, `a StoreError, not ${String(error)}`)
  assert.equal(error.fault, fault)
}

export function sampleBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 31 + (at >> 8) * 7) & 0xff
  return bytes
}

/** Copies, because a chunk belongs to the store. */
export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size)
    yield Uint8Array.from(bytes.subarray(at, at + size))
}

async function* withEmptyChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    yield chunk
    yield new Uint8Array(0)
  }
}

export async function* failAfter(bytes: Uint8Array, error: Error): AsyncGenerator<Uint8Array> {
  yield* inChunks(bytes, 65_536)
  throw error
}

/** Never ends: only an abort gets a reader away from it. */
async function* stallAfter(bytes: Uint8Array, whenStalled: () => void): AsyncGenerator<Uint8Array> {
  yield* inChunks(bytes, 65_536)
  queueMicrotask(whenStalled)
  await new Promise(() => undefined)
}

export async function readAll(reader: BlobReader): Promise<Buffer> {
  const buffer = Buffer.alloc(65_536)
  const parts: Buffer[] = []
  try {
    for (;;) {
      const count = await reader.readInto(buffer)
      if (count === 0) return Buffer.concat(parts)
      parts.push(Buffer.from(buffer.subarray(0, count)))
    }
  } finally {
    await reader.close()
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
