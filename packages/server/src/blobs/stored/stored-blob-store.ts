/**
 * Blobs as objects of a store that somebody else runs: `blobs/<two digits>/<blob id>`, so that what was written one after the other lies apart.
 * Several servers may share it.
 */
import { hash } from 'node:crypto'
import { storeCorrupt } from '../../platform/store-errors.ts'
import type { Random } from '../../platform/random.ts'
import type { ObjectStore, StoredObject } from '../../stores/object-store.ts'
import type { BlobStat, BlobStore } from '../blob-store.ts'
import { LONGEST_WRITE_MS } from './upload-time.ts'
import { writeStoredBlob } from './write-stored-blob.ts'

const BLOBS = 'blobs/'
const BLOB_ID = /^[A-Za-z0-9]{8,64}$/
const PAGE = 1000

export function createStoredBlobStore(store: ObjectStore, random: Random): BlobStore {
  const { sign } = store
  return {
    async write(blobId, body, options) {
      return writeStoredBlob(store, random, { key: keyOf(blobId), body, options })
    },
    beginBatch: null,
    async open(blobId, range, signal) {
      const opened = await store.open(keyOf(blobId), { range, etag: null, signal })
      if (opened !== null) return opened.reader
      throw storeCorrupt(`Blob ${blobId} is not in ${store.name}.`)
    },
    async stat(blobId) {
      const head = await store.stat(keyOf(blobId))
      return head === null ? null : statOf(head)
    },
    async delete(blobId) {
      await store.delete(keyOf(blobId))
    },
    list: () => listBlobs(store),
    removeLeftovers: (olderThanMs) => removeLeftovers(store, olderThanMs),
    freeBytes: null,
    sign:
      sign === null
        ? null
        : async (blobId, expiresInSeconds) => sign(keyOf(blobId), { expiresInSeconds }),
    // Copies within the store would move bytes there; contents are put together of rows.
    compose: null,
    close: () => store.close(),
  }
}

function keyOf(blobId: string): string {
  if (!BLOB_ID.test(blobId)) throw new TypeError('blobId must be 8 to 64 letters and digits')
  return `${BLOBS}${hash('sha256', blobId, 'hex').slice(0, 2)}/${blobId}`
}

function statOf({ size, modifiedAt }: Pick<StoredObject, 'size' | 'modifiedAt'>): BlobStat {
  // Of an object without a date nobody knows that it is old: it is never taken for an orphan.
  const writtenAtMs = modifiedAt > 0 ? modifiedAt + LONGEST_WRITE_MS : Number.POSITIVE_INFINITY
  return { size, writtenAtMs }
}

/** Of objects that are not where a blob of their name would be none is a blob. */
async function* listBlobs(
  store: ObjectStore,
): AsyncGenerator<{ readonly blobId: string } & BlobStat> {
  for (let after = ''; ;) {
    const page = await store.list({ prefix: BLOBS, delimiter: null, after, limit: PAGE })
    for (const { key, size, modifiedAt } of page.objects) {
      const blobId = key.slice(key.lastIndexOf('/') + 1)
      if (BLOB_ID.test(blobId) && keyOf(blobId) === key) {
        yield { blobId, ...statOf({ size, modifiedAt }) }
      }
    }
    after = page.objects.at(-1)?.key ?? ''
    if (page.isLast || after === '') return
  }
}

/** Uploads that nobody completed, and that nobody can be writing any more, hold the parts that came. */
async function removeLeftovers(
  { uploads: { leftovers } }: ObjectStore,
  olderThanMs: number,
): Promise<number> {
  if (leftovers === null) return 0
  let removed = 0
  for await (const { key, uploadId, startedAt } of leftovers.list(BLOBS)) {
    const isDated = startedAt > 0 || olderThanMs === Number.POSITIVE_INFINITY
    if (!isDated || startedAt >= olderThanMs - LONGEST_WRITE_MS) continue
    await leftovers.abort(key, uploadId)
    removed += 1
  }
  return removed
}
