/** Who comes first under a name: a new version, a delete marker, or the one that lay behind. */
import type { NewVersion, Removal } from '../catalog.ts'
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
  toStoredFile,
  toLatestVersion,
  toVersionRecord,
} from './file-rows.ts'
import type { FileStatements } from './file-statements.ts'
import type { Script } from './script.ts'

/** A bucket that is there, and what was found in it. */
export interface FoundHere extends Found {
  readonly versioning: Versioning
}

export interface Placed {
  readonly version: Omit<NewVersion, 'newFileId' | 'newVersionId'>
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

export interface SuccessionScripts {
  look(path: FilePath): Script<Found>
  /** A version takes the first place. */
  place(found: FoundHere, placed: Placed): Script<FileRecord>
  /** The first place is left. */
  leave(found: FoundHere, removal: Removal): Script<Removed>
  /** One version goes for good; the newest of the others comes first if it was in front. */
  removeVersion(found: FoundHere, removal: Removal & { versionId: string }): Script<Removed>
}

export function createSuccessionScripts(
  at: FileStatements,
  contents: ContentScripts,
): SuccessionScripts {
  function* stepAside(
    path: FilePath,
    { current, clearsNull }: Succession,
    nowMs: number,
  ): Script<void> {
    if (current === 'kept') yield* at.keep.run(path)
    if (!clearsNull) return
    const cleared = yield* at.removeVersion.get({ ...path, versionId: NULL_VERSION })
    const content = cleared === undefined ? null : contentOf(cleared)
    if (content !== null) yield* contents.release(content, nowMs)
  }

  /** The newest version behind comes first, unless it is a delete marker: the name stays deleted then. */
  function* promote(path: FilePath, newFileId: string): Script<void> {
    const newest = yield* at.newestVersion.get(path)
    if (newest === undefined) return
    const version = toVersionRecord(newest, true)
    if (version.isDeleteMarker) return
    yield* at.removeVersion.get({ ...path, versionId: version.versionId })
    const isElsewhere = (yield* at.findById.get({ id: version.id })) !== undefined
    const { isDeleteMarker: _, isLatest: __, ...file } = version
    yield* at.insert.run(toStoredFile({ ...file, id: isElsewhere ? newFileId : file.id }))
  }

  function* removeCurrent(current: FileRecord, removal: Removal): Script<Removed> {
    yield* at.remove.run(removal.path)
    yield* contents.release(current.content, removal.nowMs)
    yield* promote(removal.path, removal.newFileId)
    const removed = toLatestVersion(current)
    return { removed, versionId: current.versionId, isDeleteMarker: false }
  }

  return {
    *look(path) {
      const guard = yield* at.guard.get(path)
      const row = yield* at.find.get(path)
      return {
        epoch: guard?.epoch ?? 0,
        versioning: (guard?.versioning ?? null) as Versioning | null,
        current: row === undefined ? null : toFileRecord(row),
      }
    },

    *place({ versioning, current }, { version, newVersionId, identity, content, nowMs }) {
      const succession = decideCommit(versioning, current?.versionId ?? null, newVersionId)
      yield* stepAside(version, succession, nowMs)
      const versionId = succession.versionId ?? NULL_VERSION
      const { id, createdAt } = identity
      const file: FileRecord = { ...version, id, createdAt, versionId, content }
      if (current?.id === id) yield* at.replace.run(toStoredFile(file))
      else {
        if (current !== null) yield* at.remove.run(version)
        yield* at.insert.run(toStoredFile(file))
      }
      if (current !== null && succession.current === 'gone') {
        yield* contents.release(current.content, nowMs)
      }
      return file
    },

    *leave({ versioning, current }, { path, newVersionId, newFileId, nowMs }) {
      const succession = decideRemove(versioning, current?.versionId ?? null, newVersionId)
      yield* stepAside(path, succession, nowMs)
      if (current !== null) yield* at.remove.run(path)
      const isGone = current !== null && succession.current === 'gone'
      if (isGone) yield* contents.release(current.content, nowMs)
      const removed = isGone ? toLatestVersion(current) : null
      const { versionId } = succession
      if (versionId === null) return { removed, versionId, isDeleteMarker: false }
      const id = current?.id ?? newFileId
      yield* at.insertVersion.run(versions.toStored(markerOf(path, { id, versionId, nowMs })))
      return { removed, versionId, isDeleteMarker: true }
    },

    *removeVersion({ current }, removal) {
      const { path, versionId, nowMs } = removal
      if (current?.versionId === versionId) return yield* removeCurrent(current, removal)
      const row = yield* at.removeVersion.get({ ...path, versionId })
      if (row === undefined) return { removed: null, versionId, isDeleteMarker: false }
      const content = contentOf(row)
      if (content !== null) yield* contents.release(content, nowMs)
      if (current === null) yield* promote(path, removal.newFileId)
      const removed = toVersionRecord(row, false)
      return { removed, versionId, isDeleteMarker: removed.isDeleteMarker }
    },
  }
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
    contentKind: 'delete-marker',
    position: 0,
  }
}
