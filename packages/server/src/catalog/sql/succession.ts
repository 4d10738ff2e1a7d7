/** Who comes first under a name: a new version, a delete marker, or the one that lay behind. */
import type { Removal } from '../catalog.ts'
import type { Found } from '../decisions/check-conditions.ts'
import { decideCommit, decideRemove, NULL_VERSION } from '../decisions/decide-succession.ts'
import type { Succession } from '../decisions/decide-succession.ts'
import type { FilePath } from '../file-steps.ts'
import type { Content, FileRecord, VersionRecord, Versioning } from '../records.ts'
import { versions } from '../tables/files.ts'
import type { ContentScripts } from './contents.ts'
import {
  contentOf,
  toFileRecord,
  toLatestVersion,
  toStoredFile,
  toVersionRecord,
} from './file-rows.ts'
import type { FileStatements } from './file-statements.ts'
import type { Script } from './script.ts'

/** What these scripts are made of. */
export interface NameParts {
  readonly at: FileStatements
  readonly contents: ContentScripts
}

export interface FoundAt extends Found {
  /** A file waits under the name. */
  readonly hasWaiting: boolean
}

/** A bucket that is there, and what was found in it. */
export interface FoundHere extends FoundAt {
  readonly versioning: Versioning
}

export interface Placed {
  readonly version: Omit<FileRecord, 'id' | 'versionId' | 'createdAt' | 'arrivedAt' | 'content'>
  readonly newVersionId: string
  /** Whose version it is: the file's that is there, a new one's, or one's that comes from another name. */
  readonly identity: Pick<FileRecord, 'id' | 'createdAt'>
  /** Held already. */
  readonly content: Content
  readonly nowMs: number
}

export interface Removed {
  readonly removed: VersionRecord | null
  readonly versionId: string | null
  readonly isDeleteMarker: boolean
}

export function* look({ at }: NameParts, path: FilePath): Script<FoundAt> {
  // Both are asked for before either is waited for.
  const [asked, looked] = [at.guard.get(path), at.find.get(path)]
  const guard = yield* asked
  const row = yield* looked
  const isHere = (guard?.mounted ?? null) === null
  return {
    epoch: guard?.epoch ?? 0,
    // A file of this server's own has no place in a mounted bucket.
    versioning: (isHere ? (guard?.versioning ?? null) : null) as Versioning | null,
    current: row === undefined ? null : toFileRecord(row),
    hasWaiting: (guard?.waiting ?? null) !== null,
  }
}

/** A version takes the first place. */
export function* place(
  parts: NameParts,
  { versioning, current }: FoundHere,
  { version, newVersionId, identity, content, nowMs }: Placed,
): Script<FileRecord> {
  const { at, contents } = parts
  const succession = decideCommit(versioning, current?.versionId ?? null, newVersionId)
  yield* stepAside(parts, version, succession, nowMs)
  const { id, createdAt } = identity
  const versionId = succession.versionId ?? NULL_VERSION
  const arrivedAt = current?.id === id ? current.arrivedAt : nowMs
  const file: FileRecord = { ...version, id, createdAt, arrivedAt, versionId, content }
  if (current?.id === id) yield* at.replace.post(toStoredFile(file))
  else {
    if (current !== null) yield* at.remove.post(version)
    yield* at.insert.post(toStoredFile(file))
  }
  if (current !== null && succession.current === 'gone') {
    yield* contents.release(current.content, nowMs)
  }
  return file
}

/** The first place is left: to a delete marker where versions are kept, else to nobody. */
export function* leave(
  parts: NameParts,
  { versioning, current }: FoundHere,
  { path, newVersionId, newFileId, nowMs }: Removal,
): Script<Removed> {
  const { at, contents } = parts
  const succession = decideRemove(versioning, current?.versionId ?? null, newVersionId)
  yield* stepAside(parts, path, succession, nowMs)
  if (current !== null) yield* at.remove.run(path)
  const isGone = current !== null && succession.current === 'gone'
  if (isGone) yield* contents.release(current.content, nowMs)
  const removed = isGone ? toLatestVersion(current) : null
  const { versionId } = succession
  if (versionId === null) return { removed, versionId, isDeleteMarker: false }
  const id = current?.id ?? newFileId
  yield* at.insertVersion.run(versions.toStored(markerOf(path, { id, versionId, nowMs })))
  return { removed, versionId, isDeleteMarker: true }
}

/** One version goes for good; the newest of the others comes first if it was in front. */
export function* removeVersion(
  parts: NameParts,
  { current }: FoundHere,
  removal: Removal & { readonly versionId: string },
): Script<Removed> {
  const { at, contents } = parts
  const { path, versionId, nowMs } = removal
  if (current?.versionId === versionId) return yield* removeCurrent(parts, current, removal)
  const row = yield* at.removeVersion.get({ ...path, versionId })
  if (row === undefined) return { removed: null, versionId, isDeleteMarker: false }
  const content = contentOf(row)
  if (content !== null) yield* contents.release(content, nowMs)
  if (current === null) {
    yield* promote(parts, path, { newFileId: removal.newFileId, arrivedAt: removal.nowMs })
  }
  const removed = toVersionRecord(row, false)
  return { removed, versionId, isDeleteMarker: removed.isDeleteMarker }
}

function* removeCurrent(parts: NameParts, current: FileRecord, removal: Removal): Script<Removed> {
  yield* parts.at.remove.run(removal.path)
  yield* parts.contents.release(current.content, removal.nowMs)
  const { newFileId } = removal
  yield* promote(parts, removal.path, { newFileId, arrivedAt: current.arrivedAt })
  const removed = toLatestVersion(current)
  return { removed, versionId: current.versionId, isDeleteMarker: false }
}

function* stepAside(
  { at, contents }: NameParts,
  path: FilePath,
  { current, clearsNull }: Succession,
  nowMs: number,
): Script<void> {
  if (current === 'kept') yield* at.keep.run(path)
  if (!clearsNull) return
  const { bucket, key } = path
  const cleared = yield* at.removeVersion.get({ bucket, key, versionId: NULL_VERSION })
  const content = cleared === undefined ? null : contentOf(cleared)
  if (content !== null) yield* contents.release(content, nowMs)
}

/** The newest version behind comes first, unless it is a delete marker: the name stays deleted then. */
function* promote(
  { at }: NameParts,
  path: FilePath,
  { newFileId, arrivedAt }: { readonly newFileId: string; readonly arrivedAt: number },
): Script<void> {
  const newest = yield* at.newestVersion.get(path)
  if (newest === undefined) return
  const version = toVersionRecord(newest, true)
  if (version.isDeleteMarker) return
  yield* at.removeVersion.get({ ...path, versionId: version.versionId })
  const isElsewhere = (yield* at.findById.get({ id: version.id })) !== undefined
  const id = isElsewhere ? newFileId : version.id
  yield* at.insert.run(toStoredFile({ ...version, id, arrivedAt }))
}

function markerOf(
  { bucket, key }: FilePath,
  { id, versionId, nowMs }: { id: string; versionId: string; nowMs: number },
): Parameters<typeof versions.toStored>[0] {
  return {
    bucket,
    key,
    id,
    versionId,
    size: 0,
    etag: '',
    checksums: [],
    partSizes: [],
    contentType: '',
    headers: {},
    metadata: {},
    tags: {},
    createdAt: nowMs,
    modifiedAt: nowMs,
    contentId: '',
    arrivedAt: nowMs,
    quotaKey: '',
    contentKind: 'delete-marker',
    position: 0,
  }
}
