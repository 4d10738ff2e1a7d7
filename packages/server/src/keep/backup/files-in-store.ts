/** Backups in an object store. */
import type { BlobStore } from '../../blobs/blob-store.ts'
import { storeCorrupt, storeUnavailable } from '../../platform/store-errors.ts'
import type { BlobReader } from '../../blobs/blob-store.ts'
import type { ObjectStore, StoredHead, StoredHeaders } from '../../stores/object-store.ts'
import type { BackupFiles } from './backup-files.ts'

const HEADERS: StoredHeaders = {
  contentType: 'application/octet-stream',
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
  cacheControl: null,
  metadata: {},
}
const PAGE = 1000
/** Read one after the other: whoever reads slowly keeps no connection open. */
const PIECE_BYTES = 4 * 1024 ** 2

export function createFilesInStore(store: ObjectStore, blobs: BlobStore): BackupFiles {
  const { signal } = new AbortController()
  return {
    name: store.name,
    blobs,
    async isEmpty() {
      const { objects, prefixes } = await store.list({ ...ALL, prefix: '', after: '', limit: 1 })
      return objects.length + prefixes.length === 0
    },
    has: async (path) => (await store.stat(path)) !== null,
    async folders(path) {
      const names: string[] = []
      for (let after = ''; ;) {
        const asked = { prefix: `${path}/`, delimiter: '/', after, limit: PAGE }
        const page = await store.list(asked)
        names.push(...page.prefixes.map((prefix) => prefix.slice(path.length + 1, -1)))
        after = [...page.prefixes, ...page.objects.map(({ key }) => key)].toSorted().at(-1) ?? ''
        if (page.isLast || after === '') return names
      }
    },
    read: (path) => readObject(store, path),
    async write(path, body) {
      // Also over what is there: of a request whose answer was lost, and that was sent again.
      await store.write(path, body, { size: null, headers: HEADERS, condition: null, signal })
    },
    remove: (path) => store.delete(path),
    removeFolder: (path) => removeBelow(store, `${path}/`),
    close: () => store.close(),
  }
}

const ALL = { delimiter: null } as const

async function* readObject(store: ObjectStore, path: string): AsyncGenerator<Uint8Array> {
  const head = await store.stat(path)
  if (head === null) throw storeUnavailable(`${store.name} has no ${path}.`)
  for (let start = 0; start < head.size; start += PIECE_BYTES) {
    yield await readPiece(store, head, { start, end: Math.min(start + PIECE_BYTES, head.size) })
  }
}

async function readPiece(
  store: ObjectStore,
  { key, etag }: StoredHead,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Uint8Array> {
  const range = { start, end: end - 1 }
  const { signal } = new AbortController()
  const opened = await store.open(key, { range, etag, signal })
  if (opened === null) throw storeCorrupt(`${store.name} lost ${key} while it was read.`)
  try {
    return await readWhole(opened.reader, end - start)
  } finally {
    await opened.reader.close()
  }
}

async function readWhole(reader: BlobReader, size: number): Promise<Uint8Array> {
  const piece = new Uint8Array(size)
  for (let filled = 0; filled < size;) {
    const count = await reader.readInto(piece.subarray(filled))
    if (count === 0) throw storeCorrupt('The store sent fewer bytes than it has.')
    filled += count
  }
  return piece
}

async function removeBelow(store: ObjectStore, prefix: string): Promise<void> {
  for (;;) {
    const page = await store.list({ ...ALL, prefix, after: '', limit: PAGE })
    for (const { key } of page.objects) await store.delete(key)
    if (page.objects.length === 0) return
  }
}
