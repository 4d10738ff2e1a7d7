/**
 * A bucket that lies in a store of somebody else, under its own names: what is there is asked of the store each time, and a write is
 * one of the store, between a step of the catalog that admits it and one that says that it happened.
 */
import type {
  MoveOutcome,
  RemoveOutcome,
  VersionListing,
  WriteOutcome,
} from '../../catalog/file-steps.ts'
import type { FileRecord, VersionRecord } from '../../catalog/records.ts'
import type { CopyRequest, FileTree, MoveRequest, RemoveRequest } from '../file-tree.ts'
import { admitWrite, unlessInConflict } from './admit-write.ts'
import { findStored } from './find-stored.ts'
import { listStored } from './list-stored.ts'
import type { Mount } from './mount.ts'
import { createMountedUploads } from './mounted-uploads.ts'
import type { MountedUploads } from './mounted-uploads.ts'
import { openStored } from './open-stored.ts'
import { signerOfStored } from './sign-stored.ts'
import { storeConditionOf } from './store-condition.ts'
import { toFile, toStoredHeaders } from './stored-file.ts'
import { pathOfStoredFile } from './stored-ids.ts'
import { writeStored } from './write-stored.ts'

/** What is the same for all buckets, or needs two of them, is no matter of one mount. */
export type MountedTree = Omit<FileTree, 'uploads' | 'partChecksums' | 'tag' | 'findMarkerById'> & {
  readonly uploads: MountedUploads
}

export function createMountedTree(mount: Mount): MountedTree {
  const find = (key: string): Promise<FileRecord | null> => findStored(mount, key)
  return {
    find: ({ key }) => find(key),
    async findById(id) {
      const path = pathOfStoredFile(id)
      const file = path?.bucket === mount.bucket ? await find(path.key) : null
      // Another object in its place is another file.
      return file?.id === id ? file : null
    },
    async findVersion({ key }, versionId) {
      const file = versionId === NO_VERSION ? await find(key) : null
      return file === null ? null : asLatest(file)
    },
    findMarker: () => Promise.resolve(null),
    list: (query) => listStored(mount, query),
    async listVersions({ afterVersionId: _after, ...query }) {
      const { entries, nextAfter } = await listStored(mount, query)
      const versions = entries.map((entry): VersionListing['entries'][number] =>
        entry.kind === 'file' ? { kind: 'file', file: asLatest(entry.file) } : entry,
      )
      return { entries: versions, nextAfter, nextAfterVersionId: null }
    },
    signerOf: (file) => Promise.resolve(signerOfStored(mount, file)),
    cookieSignerOf: () => Promise.resolve(mount.cdn?.signCookies ?? null),
    open: (file, range, signal) => openStored(mount, file, range, signal),
    write: (request) => writeStored(mount, request),
    copy: (request) => copy(mount, request),
    remove: (request) => remove(mount, request),
    move: (request) => move(mount, request),
    uploads: createMountedUploads(mount),
  }
}

const NO_VERSION = 'null'
const NEVER: AbortSignal = new AbortController().signal

function asLatest(file: FileRecord): VersionRecord {
  return { ...file, isDeleteMarker: false, isLatest: true }
}

/** Within the store, which moves the bytes by itself. */
async function copy(mount: Mount, request: CopyRequest): Promise<WriteOutcome> {
  const { store, bucket, catalog } = mount
  const { source, path, draft, checksums, conditions } = request
  const current = await findStored(mount, path.key)
  const { refusal, conditions: asked } = await admitWrite(mount, { path, current, conditions })
  if (refusal !== null) return { outcome: refusal }
  const condition = storeConditionOf(asked, current)
  const { key: from, etag } = source
  const headers = toStoredHeaders(draft)
  const stored = await unlessInConflict(
    mount,
    () => asked,
    () => store.copy(from, path.key, { headers, etag, condition, signal: NEVER }),
  )
  if (stored === null) return { outcome: 'file-missing' }
  if (stored === 'in-conflict') {
    const isSame = (await findStored(mount, from))?.etag === etag
    return { outcome: isSame ? 'condition-failed' : 'file-missing' }
  }
  const { contentType, headers: kept, metadata } = draft
  const file = toFile(bucket, stored, { contentType, headers: kept, metadata, checksums })
  await catalog.mounts.settle({ file, conditions: asked })
  return { outcome: 'committed', file, replaced: current }
}

async function remove(mount: Mount, request: RemoveRequest): Promise<RemoveOutcome> {
  const { store, catalog, clock } = mount
  const { path, versionId, conditions } = request
  const isCurrent = versionId === null || versionId === NO_VERSION
  const current = isCurrent ? await findStored(mount, path.key) : null
  const { refusal, conditions: asked } = await admitWrite(mount, { path, current, conditions })
  if (refusal !== null) return { outcome: refusal }
  const removed = { versionId, isDeleteMarker: false }
  if (current === null) return { outcome: 'removed', removed: null, ...removed }
  await store.delete(path.key)
  const gone = { path, fileId: current.id, nowMs: clock.now() }
  await catalog.mounts.settleRemoval(gone, asked)
  return { outcome: 'removed', removed: asLatest(current), ...removed }
}

/** A copy and a delete: between them both names are there. */
async function move(mount: Mount, request: MoveRequest): Promise<MoveOutcome> {
  const { store, catalog, bucket, clock } = mount
  const { id, from, to, overwrite, maxBytes, conditions } = request
  const file = await findStored(mount, from.key)
  if (file === null || file.id !== id) return { outcome: 'file-missing' }
  const target = await findStored(mount, to.key)
  const isSame = from.key === to.key
  if (target !== null && !overwrite && !isSame) return { outcome: 'target-exists' }
  if (file.size > maxBytes) return { outcome: 'too-large' }
  const admitted = await admitWrite(mount, { path: from, current: file, conditions })
  if (admitted.refusal !== null) return { outcome: admitted.refusal }
  if (isSame) return { outcome: 'moved', file }
  const condition =
    target === null ? ({ kind: 'absent' } as const) : ({ kind: 'etag', etag: target.etag } as const)
  const headers = toStoredHeaders(file)
  const moved = await unlessInConflict(
    mount,
    () => null,
    () => store.copy(from.key, to.key, { headers, etag: file.etag, condition, signal: NEVER }),
  )
  if (moved === null) return { outcome: 'file-missing' }
  if (moved === 'in-conflict') return { outcome: 'condition-failed' }
  // What took its place meanwhile was not asked to go.
  if ((await findStored(mount, from.key))?.id === id) await store.delete(from.key)
  const { contentType, headers: kept, metadata } = file
  const there = toFile(bucket, moved, { contentType, headers: kept, metadata })
  const what = { from, to, fileId: there.id, nowMs: clock.now() }
  await catalog.mounts.settleMove(what, admitted.conditions)
  return { outcome: 'moved', file: there }
}
