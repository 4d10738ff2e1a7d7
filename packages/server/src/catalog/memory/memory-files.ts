/** Files, buckets and folders of the memory catalog. */
import { storeConflict } from '../../platform/store-errors.ts'
import type {
  BucketCatalog,
  CommitOutcome,
  FileCatalog,
  FolderCatalog,
  WriteConditions,
} from '../catalog.ts'
import { compareKeys } from '../key-order.ts'
import { listPage } from '../list-page.ts'
import type { FileRecord } from '../records.ts'
import { useGrant } from './memory-grants.ts'
import { fileName, queueBlob } from './memory-state.ts'
import type { MemoryState } from './memory-state.ts'

export function createMemoryFiles(state: MemoryState): FileCatalog {
  const findById = (id: string): FileRecord | null =>
    [...state.files.values()].find((file) => file.id === id) ?? null
  return {
    find: async (bucket, key) => state.files.get(fileName(bucket, key)) ?? null,
    findById: async (id) => findById(id),
    commit: async (file, inlineBytes, conditions) => commit(state, file, inlineBytes, conditions),
    remove: async (bucket, key) => {
      const file = state.files.get(fileName(bucket, key))
      if (file === undefined) return null
      drop(state, file, state.clock.now())
      return file
    },
    move: async (id, { bucket, key, overwrite, nowMs }) => {
      const file = findById(id)
      if (file === null) return null
      if (!state.buckets.has(bucket)) return 'bucket-missing'
      const inTheWay = state.files.get(fileName(bucket, key))
      if (inTheWay !== undefined && inTheWay.id !== id) {
        if (!overwrite) return 'target-exists'
        drop(state, inTheWay, nowMs)
      }
      state.files.delete(fileName(file.bucket, file.key))
      const moved: FileRecord = { ...file, bucket, key, modifiedAt: nowMs }
      state.files.set(fileName(bucket, key), moved)
      return moved
    },
    list: async (query) => {
      const files = [...state.files.values()]
        .filter((file) => file.bucket === query.bucket)
        .toSorted((a, b) => compareKeys(a.key, b.key))
      return listPage(query, {
        toFile: (file: FileRecord) => file,
        read: (from, end, limit) =>
          files
            .filter(({ key }) => compareKeys(key, from) >= 0)
            .filter(({ key }) => end === null || compareKeys(key, end) < 0)
            .slice(0, limit),
      })
    },
    readInlineBlob: async (blobId) => state.inlineBlobs.get(blobId) ?? null,
  }
}

function commit(
  state: MemoryState,
  file: FileRecord,
  inlineBytes: Uint8Array | null,
  conditions: WriteConditions,
): CommitOutcome {
  const name = fileName(file.bucket, file.key)
  const existing = state.files.get(name)
  if (!state.buckets.has(file.bucket)) return { outcome: 'bucket-missing' }
  if (conditions.ifAbsent === true && existing !== undefined) return { outcome: 'condition-failed' }
  if (conditions.ifEtag !== undefined && existing?.etag !== conditions.ifEtag) {
    return { outcome: 'condition-failed' }
  }
  requireFresh(state, file)
  if (conditions.useGrant !== undefined && !useGrant(state, conditions.useGrant)) {
    return { outcome: 'grant-unusable' }
  }
  if (inlineBytes !== null) state.inlineBlobs.set(file.blobId, Uint8Array.from(inlineBytes))
  if (existing !== undefined) queueBlob(state, existing, state.clock.now())
  const kept = existing === undefined ? file : { ...file, ...identityOf(existing) }
  state.files.set(name, kept)
  return { outcome: 'committed', file: kept, replaced: existing !== undefined }
}

function identityOf({ id, createdAt }: FileRecord): Pick<FileRecord, 'id' | 'createdAt'> {
  return { id, createdAt }
}

/** A blob has one file, an id one name. */
function requireFresh(state: MemoryState, { bucket, key, id, blobId }: FileRecord): void {
  for (const other of state.files.values()) {
    const isSameFile = other.bucket === bucket && other.key === key
    if (other.blobId === blobId || (other.id === id && !isSameFile)) {
      throw storeConflict('The catalog holds such a file already.')
    }
  }
}

function drop(state: MemoryState, file: FileRecord, nowMs: number): void {
  state.files.delete(fileName(file.bucket, file.key))
  queueBlob(state, file, nowMs)
}

export function createMemoryBuckets(state: MemoryState): BucketCatalog {
  return {
    find: async (name) => state.buckets.get(name) ?? null,
    list: async () => [...state.buckets.values()].toSorted((a, b) => compareKeys(a.name, b.name)),
    create: async (bucket) => {
      if (state.buckets.has(bucket.name)) return false
      state.buckets.set(bucket.name, bucket)
      return true
    },
    remove: async (name) => {
      if ([...state.files.values()].some((file) => file.bucket === name)) return 'not-empty'
      if (!state.buckets.delete(name)) return 'missing'
      for (const path of state.folders.keys()) {
        if (path.startsWith(`${name}/`)) state.folders.delete(path)
      }
      return 'removed'
    },
  }
}

export function createMemoryFolders(state: MemoryState): FolderCatalog {
  return {
    find: async (path) => state.folders.get(path) ?? null,
    findMany: async (paths) =>
      paths
        .flatMap((path) => state.folders.get(path) ?? [])
        .toSorted((a, b) => b.path.length - a.path.length),
    list: async (pathPrefix, after, limit) =>
      [...state.folders.values()]
        .filter(({ path }) => path.startsWith(pathPrefix) && compareKeys(path, after) > 0)
        .toSorted((a, b) => compareKeys(a.path, b.path))
        .slice(0, limit),
    put: async (folder) => {
      if (!state.buckets.has(folder.path.slice(0, folder.path.indexOf('/')))) return false
      state.folders.set(folder.path, folder)
      return true
    },
    remove: async (path) => state.folders.delete(path),
  }
}
