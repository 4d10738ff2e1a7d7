/** What the managed tree leaves behind when a store fails, and what it finds when bytes were harmed. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type { BlobStore } from '../../../src/blobs/blob-store.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import type { FileRecord } from '../../../src/catalog/records.ts'
import { storeCorrupt, storeUnavailable } from '../../../src/platform/store-errors.ts'
import type { FileBody, FileTree, WriteRequest } from '../../../src/trees/file-tree.ts'
import { inChunks, listAll, rejectsWith, sampleBytes } from '../../suites/blob-store-suite.ts'
import { createManagedFixture } from './managed-fixture.ts'
import type { ManagedFixture } from './managed-fixture.ts'

const NEVER: AbortSignal = new AbortController().signal
const LARGE = 100_000

function requestOf(key: string, size: number, more: Partial<WriteRequest> = {}): WriteRequest {
  const bytes = sampleBytes(size)
  const etag = createHash('md5').update(bytes).digest('hex')
  return {
    path: { bucket: 'acme', key },
    draft: { contentType: 'text/plain', headers: {}, metadata: {}, tags: {} },
    body: inChunks(bytes, 65_536),
    size,
    seal: async () => ({ size, etag, checksums: [] }),
    conditions: async () => ({ epoch: null }),
    signal: NEVER,
    ...more,
  }
}

interface Stores {
  readonly catalog: Catalog
  readonly blobs: BlobStore
}

async function withTree(
  damage: (stores: Stores) => Stores,
  body: (fixture: ManagedFixture) => Promise<void>,
): Promise<void> {
  const fixture = await createManagedFixture(damage)
  try {
    await fixture.createBucket('acme', 'off')
    await body(fixture)
  } finally {
    await fixture.dispose()
  }
}

/** Commits, if `happens`, and reports a failed sync. */
function failCommit({ catalog, blobs }: Stores, happens: boolean): Stores {
  const files: Catalog['files'] = {
    ...catalog.files,
    commit: async (...write) => {
      if (happens) await catalog.files.commit(...write)
      throw storeUnavailable('The catalog cannot answer now (SQLITE_IOERR_FSYNC).')
    },
  }
  return { catalog: { ...catalog, files }, blobs }
}

async function put(fixture: ManagedFixture, key: string, size: number): Promise<FileRecord> {
  const outcome = await fixture.tree.write(requestOf(key, size))
  assert.ok(outcome.outcome === 'committed')
  return outcome.file
}

describe('a commit of which nobody can say what became of it', () => {
  for (const happens of [true, false]) {
    test(`leaves the bytes where they are, ${happens ? 'and the file reads' : 'for the orphan job'}`, async () => {
      await withTree(
        (stores) => failCommit(stores, happens),
        async ({ tree, blobs }) => {
          await rejectsWith('unavailable', tree.write(requestOf('a', LARGE)))
          assert.equal((await listAll(blobs)).length, 1)
          const file = await tree.find({ bucket: 'acme', key: 'a' })
          assert.equal(file !== null, happens)
          if (file === null) return
          const body = await tree.open(file, null, NEVER)
          assert.ok(body?.kind === 'bytes' && sampleBytes(LARGE).equals(body.bytes))
        },
      )
    })
  }
})

describe('a write that is given up before it was committed', () => {
  test('takes its bytes away, also if asking for the rights fails', async () => {
    await withTree(
      (stores) => stores,
      async ({ tree, blobs }) => {
        const conditions = (): Promise<never> => Promise.reject(storeUnavailable('away'))
        await rejectsWith('unavailable', tree.write(requestOf('a', LARGE, { conditions })))
        assert.deepEqual(await listAll(blobs), [])
      },
    )
  })

  test('is refused as it was, also if its bytes cannot be taken away now', async () => {
    await withTree(
      ({ catalog, blobs }) => {
        const broken = (): Promise<never> => Promise.reject(storeUnavailable('away'))
        return { catalog, blobs: { ...blobs, delete: broken } }
      },
      async ({ tree }) => {
        const conditions = async () => ({ epoch: null, ifEtag: 'x' })
        const outcome = await tree.write(requestOf('a', LARGE, { conditions }))
        assert.deepEqual(outcome, { outcome: 'condition-failed' })
      },
    )
  })
})

describe('harmed bytes', () => {
  test('a blob that lost its end, or got more of it, is corrupt', async () => {
    for (const change of [-1, 1]) {
      await withTree(
        ({ catalog, blobs }) => ({
          catalog,
          blobs: {
            ...blobs,
            open: async (id, range, signal) => {
              const reader = await blobs.open(id, range, signal)
              let extra = change
              return {
                close: () => reader.close(),
                readInto: async (buffer) => {
                  const count = await reader.readInto(buffer)
                  if (count > 0 && extra < 0) return count + extra
                  if (count > 0 || extra <= 0) return count
                  extra = 0
                  return 1
                },
              }
            },
          },
        }),
        async (fixture) => {
          const file = await put(fixture, 'a', LARGE)
          await rejectsWith('corrupt', openWhole(fixture.tree, file))
        },
      )
    }
  })

  test('a blob that is gone is corrupt, inline bytes that were swept are null', async () => {
    await withTree(
      (stores) => stores,
      async (fixture) => {
        const { tree, blobs, catalog } = fixture
        const large = await put(fixture, 'large', LARGE)
        await blobs.delete(large.content.contentId)
        await rejectsWith('corrupt', openWhole(tree, large))
        const small = await put(fixture, 'small', 10)
        await put(fixture, 'small', 11)
        await catalog.sweep.done([small.content.contentId])
        assert.equal(await tree.open(small, null, NEVER), null)
      },
    )
  })

  test('a part that is gone is found before anything is sent', async () => {
    await withTree(
      ({ catalog, blobs }) => {
        const open = (): Promise<never> => Promise.reject(storeCorrupt('gone'))
        return { catalog, blobs: { ...blobs, open } }
      },
      async ({ tree, catalog }) => {
        const segments = [0, 1].map((number) => ({
          contentId: `partpart${number}`,
          kind: 'blob' as const,
          start: 0,
          length: 2_000_000,
        }))
        const ids = { newFileId: 'file1', newVersionId: 'v1' }
        const [first, second] = segments
        assert.ok(first !== undefined && second !== undefined)
        for (const { contentId } of segments) {
          const content = { kind: 'blob', contentId, size: 2_000_000 } as const
          const version = { ...versionOf(contentId), newFileId: contentId, newVersionId: 'v' }
          await catalog.files.commit(version, content, { epoch: null })
        }
        const content = { kind: 'segments', contentId: 'joined', segments } as const
        const outcome = await catalog.files.commit({ ...versionOf('a'), ...ids }, content, {
          epoch: null,
        })
        assert.ok(outcome.outcome === 'committed')
        await rejectsWith('corrupt', openWhole(tree, outcome.file))
      },
    )
  })
})

async function openWhole(tree: FileTree, file: FileRecord): Promise<FileBody | null> {
  return tree.open(file, null, NEVER)
}

function versionOf(key: string) {
  return {
    bucket: 'acme',
    key,
    size: 4_000_000,
    etag: 'x',
    checksums: [],
    partSizes: [],
    contentType: '',
    headers: {},
    metadata: {},
    tags: {},
    modifiedAt: 1,
  }
}
