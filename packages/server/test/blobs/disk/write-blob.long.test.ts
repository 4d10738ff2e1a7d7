/** The order of the steps that make a blob durable, and what each of them leaves behind when it fails. */
import assert from 'node:assert/strict'
import { access, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { BlobStore } from '../../../src/blobs/blob-store.ts'
import { createDiskBlobStore } from '../../../src/blobs/disk/disk-blob-store.ts'
import { systemFileCalls } from '../../../src/blobs/disk/file-calls.ts'
import type { FileCalls } from '../../../src/blobs/disk/file-calls.ts'
import { SYNCED_BYTES, createSyncAhead } from '../../../src/blobs/disk/sync-ahead.ts'
import {
  inChunks,
  listAll,
  readAll,
  rejectsWith,
  sampleBytes,
} from '../../suites/blob-store-suite.ts'
import { createDiskFixture } from './disk-fixture.ts'

const MIB = 1024 * 1024
const ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const NEVER: AbortSignal = new AbortController().signal
const FREELY = { size: null, signal: NEVER }

type CallName = Exclude<keyof FileCalls, 'stat' | 'freeBytes'>

interface Watched {
  readonly calls: FileCalls
  readonly made: string[]
}

/** Counts every call and lets `before` throw in its place. */
function watch(before: (name: CallName, number: number) => void = () => undefined): Watched {
  const made: string[] = []
  const real = systemFileCalls
  function wrap<Parameters extends unknown[], Result>(
    name: CallName,
    call: (...parameters: Parameters) => Promise<Result>,
  ): (...parameters: Parameters) => Promise<Result> {
    return async (...parameters) => {
      made.push(name)
      before(name, made.length)
      return call(...parameters)
    }
  }
  const calls: FileCalls = {
    stat: real.stat,
    open: wrap('open', real.open),
    lstat: wrap('lstat', real.lstat),
    read: wrap('read', real.read),
    write: wrap('write', real.write),
    sync: wrap('sync', real.sync),
    close: wrap('close', real.close),
    link: wrap('link', real.link),
    unlink: wrap('unlink', real.unlink),
    mkdir: wrap('mkdir', real.mkdir),
    readdir: wrap('readdir', real.readdir),
    freeBytes: real.freeBytes,
  }
  return { calls, made }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** Of twice what is synced at once. */
async function* large(): AsyncIterable<Uint8Array> {
  for (let sent = 0; sent < 2 * SYNCED_BYTES; sent += MIB) yield new Uint8Array(MIB)
}

const body = (): AsyncIterable<Uint8Array> => inChunks(sampleBytes(300_000), 65_536)

describe('the steps of a blob write', () => {
  test('bytes are synced before the name, the name before the answer', async () => {
    const { calls, made } = watch()
    const { store, dispose } = await createDiskFixture(calls)
    await store.write(ID, body(), FREELY)
    made.length = 0
    await store.write(`B${ID}`, body(), FREELY)
    assert.deepEqual(
      made.filter((name) => name !== 'close'),
      ['open', 'write', 'write', 'sync', 'link', 'unlink', 'open', 'sync'],
    )
    await dispose()
  })

  test('a large body is synced while it comes, one file of a store at a time', async () => {
    const { calls, made } = watch()
    const { store, dispose } = await createDiskFixture(calls)
    await store.write(ID, body(), FREELY)
    made.length = 0
    await store.write(`B${ID}`, large(), FREELY)
    const syncs = made.slice(0, made.indexOf('link')).filter((name) => name === 'sync')
    assert.ok(syncs.length > 1, `${syncs.length} syncs before the name`)

    const ahead = createSyncAhead({ sync: () => Promise.resolve() })
    const first = ahead.begin(1)
    assert.equal(ahead.begin(2), undefined)
    await first
    assert.notEqual(ahead.begin(2), undefined)
    await dispose()
  })

  test('a sync that fails on the way refuses the blob, though the last one succeeds', async () => {
    let syncs = 0
    const { calls } = watch((name) => {
      if (name === 'sync' && ++syncs === 1) throw failure('EIO')
    })
    const { store, dispose, countTemporary } = await createDiskFixture(calls)
    await rejectsWith('unavailable', store.write(ID, large(), FREELY))
    assert.equal(await store.stat(ID), null)
    assert.equal(await countTemporary(), 0)
    await dispose()
  })

  test('the folders made for the first blob are synced into the folders above', async () => {
    const { calls, made } = watch()
    const { store, dispose } = await createDiskFixture(calls)
    await store.write(ID, body(), FREELY)
    assert.deepEqual(
      made.filter((name) => name !== 'close' && name !== 'write'),
      [
        ['open', 'sync'],
        ['mkdir', 'open', 'sync'],
        ['mkdir', 'open', 'sync'],
        ['link', 'unlink', 'open', 'sync'],
      ].flat(),
    )
    await dispose()
  })

  test('writers that wait at the same time share a sync of the folder', async () => {
    const { calls, made } = watch()
    const { store, dispose } = await createDiskFixture(calls)
    await store.write(ID, body(), FREELY)
    made.length = 0
    const ids = Array.from({ length: 16 }, (_, at) => `${at + 10}${ID}`)
    await Promise.all(ids.map((id) => store.write(id, inChunks(Buffer.from(id), 99), FREELY)))
    const syncs = made.filter((name) => name === 'sync').length
    assert.ok(syncs >= 17 && syncs < 32, `${syncs} syncs for 16 files and their one folder`)
    await dispose()
  })

  test('a write that takes only part of its bytes is continued', async () => {
    const { calls } = watch()
    const short: FileCalls = {
      ...calls,
      write: (fd, chunks, position) =>
        calls.write(fd, [(chunks[0] ?? Buffer.alloc(0)).subarray(0, 1000)], position),
    }
    const { store, dispose } = await createDiskFixture(short)
    assert.equal(await store.write(ID, body(), FREELY), 300_000)
    assert.deepEqual(await readAll(await store.open(ID, null, NEVER)), sampleBytes(300_000))
    await dispose()
  })
})

describe('the memory of chunks', () => {
  test('is given back once they are written, but not that of views of something larger', async () => {
    const { store, dispose } = await createDiskFixture()
    const whole = new Uint8Array(100_000)
    const view = new Uint8Array(200_000).subarray(0, 100_000)
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield whole
      yield view
    }
    assert.equal(await store.write(ID, chunks(), FREELY), 200_000)
    assert.equal(whole.byteLength, 0)
    assert.equal(view.byteLength, 100_000)
    await dispose()
  })
})

describe('faults of the disk', () => {
  const steps: readonly CallName[] = ['open', 'write', 'sync', 'link', 'mkdir']
  for (const name of steps) {
    for (const [code, fault] of [
      ['ENOSPC', 'full'],
      ['EDQUOT', 'full'],
      ['EMFILE', 'unavailable'],
      ['EIO', 'unavailable'],
    ] as const) {
      test(`${code} from ${name} is ${fault} and leaves nothing`, async () => {
        let isBroken = true
        const { calls } = watch((called) => {
          if (isBroken && called === name) throw failure(code)
        })
        const { store, countTemporary, dispose } = await createDiskFixture(calls)
        await rejectsWith(fault, store.write(ID, body(), FREELY))
        assert.equal(await countTemporary(), 0)
        assert.deepEqual(await listAll(store), [])
        isBroken = false
        assert.equal(await store.write(ID, body(), FREELY), 300_000)
        await dispose()
      })
    }
  }

  test('a body for which there is no room is refused before a byte of it is read', async () => {
    let free = 16 * 1024 ** 2 + 299_999
    const calls: FileCalls = { ...systemFileCalls, freeBytes: async () => free }
    for (const size of [300_000, null]) {
      const { store, countTemporary, dispose } = await createDiskFixture(calls)
      let isAsked = false
      async function* asked(): AsyncGenerator<Uint8Array> {
        isAsked = true
        yield* body()
      }
      await rejectsWith('full', store.write(ID, asked(), { size, signal: NEVER }))
      assert.equal(isAsked, false)
      assert.equal(await countTemporary(), 0)
      await dispose()
      // Without a size, only the room left to the catalog counts.
      free = 16 * 1024 ** 2 - 1
    }
  })

  test('a file system that does not say how much room there is is written to', async () => {
    const freeBytes = (): Promise<number> => Promise.reject(failure('ENOSYS'))
    const { store, dispose } = await createDiskFixture({ ...systemFileCalls, freeBytes })
    assert.equal(await store.write(ID, body(), { size: 300_000, signal: NEVER }), 300_000)
    await dispose()
  })

  test('a folder that cannot be synced takes the name away again', async () => {
    let hasLinked = false
    const { calls } = watch((name) => {
      if (name === 'link') hasLinked = true
      if (name === 'sync' && hasLinked) throw failure('EIO')
    })
    const { store, countTemporary, dispose } = await createDiskFixture(calls)
    await rejectsWith('unavailable', store.write(ID, body(), FREELY))
    assert.equal(await countTemporary(), 0)
    assert.deepEqual(await listAll(store), [])
    await dispose()
  })

  test('reading under EMFILE and EIO is unavailable', async () => {
    let broken: string | null = null
    const { calls } = watch((name) => {
      if (name === broken) throw failure(name === 'open' ? 'EMFILE' : 'EIO')
    })
    const { store, dispose } = await createDiskFixture(calls)
    await store.write(ID, body(), FREELY)
    broken = 'open'
    await rejectsWith('unavailable', store.open(ID, null, NEVER))
    broken = 'read'
    const reader = await store.open(ID, null, NEVER)
    await rejectsWith('unavailable', reader.readInto(Buffer.alloc(10)))
    await reader.close()
    await dispose()
  })

  test('a temporary file that somebody removed is no success', async () => {
    const { calls } = watch()
    const losing: FileCalls = {
      ...calls,
      link: async (from, to) => {
        await calls.unlink(from)
        return calls.link(from, to)
      },
    }
    const { store, dispose } = await createDiskFixture(losing)
    await rejectsWith('unavailable', store.write(ID, body(), FREELY))
    await dispose()
  })
})

describe('a crash inside a blob write', () => {
  /** Calls of one write into a fresh store, as the tests above list them. */
  const CALLS = 24
  for (let last = 0; last < CALLS; last += 1) {
    test(`after ${last} calls leaves the whole blob or none, and its leftovers go`, async () => {
      const { calls } = watch((_, number) => {
        if (number > last) throw failure('EIO')
      })
      const { store, directory, places, countTemporary, dispose } = await createDiskFixture(calls)
      await store.write(ID, body(), FREELY).catch(() => undefined)

      const reopened = createDiskBlobStore({ directory })
      await reopened.removeLeftovers(Number.MAX_SAFE_INTEGER)
      assert.equal(await countTemporary(), 0)
      const isThere = await access(places.of(ID).path).then(
        () => true,
        () => false,
      )
      if (isThere) {
        assert.deepEqual(await readAll(await reopened.open(ID, null, NEVER)), sampleBytes(300_000))
      }
      await dispose()
    })
  }
})

describe('leftovers', () => {
  test('only temporary files older than the moment are removed', async () => {
    const { store, places, dispose } = await createDiskFixture()
    const old = join(places.temporary, 'oldoldold')
    const fresh = join(places.temporary, 'freshfresh')
    await writeFile(old, 'x')
    await writeFile(fresh, 'x')
    await utimes(old, 1000, 1000)
    await utimes(fresh, 3000, 3000)
    assert.equal(await store.removeLeftovers(2_000_000), 1)
    await assert.rejects(stat(old), { code: 'ENOENT' })
    assert.equal((await stat(fresh)).size, 1)
    await dispose()
  })
})

describe('the steps of a batch', () => {
  const ids = Array.from({ length: 6 }, (_, at) => `${at + 10}${ID}`)

  test('every byte is synced before the first name, all names before the answer, and nothing is in place before', async () => {
    const { calls, made } = watch()
    const { store, dispose, countTemporary } = await createDiskFixture(calls)
    await store.write(ID, body(), FREELY)
    const batch = store.beginBatch?.() ?? assert.fail('a disk has batches')
    made.length = 0
    await Promise.all(ids.map((id) => batch.write(id, body(), FREELY)))
    assert.ok(!made.includes('sync') && !made.includes('link'))
    assert.deepEqual(await idsIn(store), [ID])
    made.length = 0
    assert.deepEqual(await batch.settle(), [])
    const steps = made.filter((name) => name === 'sync' || name === 'link')
    // One sync for each file, and one for their folder.
    assert.deepEqual(steps, [...ids.map(() => 'sync'), ...ids.map(() => 'link'), 'sync'])
    assert.equal(await countTemporary(), 0)
    const written = await store.open(ids[3] ?? '', null, NEVER)
    assert.ok((await readAll(written)).equals(sampleBytes(300_000)))
    await dispose()
  })

  test('one that is there already is told and left alone; what is given up leaves nothing', async () => {
    const { store, dispose, countTemporary } = await createDiskFixture()
    const batch = store.beginBatch?.() ?? assert.fail('a disk has batches')
    const [first = '', second = ''] = ids
    await batch.write(first, body(), FREELY)
    await batch.write(second, body(), FREELY)
    await store.write('Z'.repeat(22), body(), FREELY)
    await batch.settle()
    await batch.write('Y'.repeat(22), inChunks(Buffer.from('mine'), 9), FREELY)
    await store.delete(first)
    await batch.write(first, inChunks(Buffer.from('again'), 9), FREELY)
    await batch.discard()
    assert.deepEqual(await idsIn(store), [second, 'Z'.repeat(22)])
    assert.equal(await countTemporary(), 0)
    const other = store.beginBatch?.() ?? assert.fail('a disk has batches')
    await other.write(second, inChunks(Buffer.from('other bytes'), 99), FREELY)
    assert.deepEqual(await other.settle(), [second])
    assert.equal((await store.stat(second))?.size, 300_000)
    await dispose()
  })

  test('whichever call fails, no temporary file is left and what is in place is whole', async () => {
    for (const failing of ['open', 'write', 'sync', 'link', 'mkdir', 'close'] as const) {
      let count = 0
      const { calls } = watch((name) => {
        if (name !== failing) return
        count += 1
        if (count === 3) throw failure('EIO')
      })
      const { store, dispose, countTemporary } = await createDiskFixture(calls)
      const batch = store.beginBatch?.() ?? assert.fail('a disk has batches')
      const written = await Promise.allSettled(ids.map((id) => batch.write(id, body(), FREELY)))
      const settled = await Promise.allSettled([batch.settle()])
      const failed = [...written, ...settled].filter(({ status }) => status === 'rejected')
      assert.ok(failed.length >= (failing === 'mkdir' ? 0 : 1), failing)
      await batch.discard()
      assert.equal(await countTemporary(), 0, failing)
      for (const { size } of await listAll(store)) assert.equal(size, 300_000, failing)
      await dispose()
    }
  })
})

async function idsIn(store: BlobStore): Promise<string[]> {
  return (await listAll(store)).map(({ blobId }) => blobId).toSorted()
}
