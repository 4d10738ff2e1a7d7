/** Files: what makes one exist, replaces, moves and removes it. Each write is one transaction. */
import type { Clock } from '../../platform/clock.ts'
import type { FileCatalog, Move, NewContent, NewVersion, Removal, Tagging } from '../catalog.ts'
import { checkConditions } from '../decisions/check-conditions.ts'
import type { Found } from '../decisions/check-conditions.ts'
import { decideMove, isSamePath } from '../decisions/decide-move.ts'
import type {
  FilePath,
  MoveOutcome,
  RemoveOutcome,
  TagOutcome,
  WriteConditions,
  WriteOutcome,
  WriteRefusal,
} from '../file-steps.ts'
import type { Actor } from '../event-steps.ts'
import type { Content, FileRecord, MarkerRecord, VersionRecord } from '../records.ts'
import { files } from '../tables/files.ts'
import type { EventScripts } from './events.ts'
import { toFileRecord, toLatestVersion, toVersionRecord } from './file-rows.ts'
import type { GrantScripts } from './grants.ts'
import type { HeldScripts } from './held-scripts.ts'
import { createFileListings } from './listings.ts'
import { nameOfQuota, orOverQuota, quotaKeyOf } from './quotas.ts'
import type { QuotaScripts } from './quotas.ts'
import { linkAsThing } from './link-as-thing.ts'
import type { Script, SqlEngine, WriteOptions } from './script.ts'
import { finishSlot } from './slots.ts'
import type { SlotScripts } from './slots.ts'
import { leave, look, place, removeVersion } from './succession.ts'
import type { FoundAt, FoundHere, NameParts, Placed, Removed } from './succession.ts'

/** What the transactions on names are made of. */
export interface FileScripts extends NameParts {
  readonly grants: GrantScripts
  readonly held: HeldScripts
  readonly trail: EventScripts
  readonly quotas: QuotaScripts
  readonly slots: SlotScripts
  readonly clock: Clock
}

export function createFileCatalog(engine: SqlEngine, scripts: FileScripts): FileCatalog {
  const { write, read, lookUp } = engine
  const { at, quotas } = scripts
  const keep = <Result>(conditions: WriteConditions, change: Script<Result>): Script<Result> =>
    quotas.keep(conditions.quotas ?? [], change)
  return {
    find: (path) => lookUp(at.find, path, toFileRecord),
    findById: (id) => lookUp(at.findById, { id }, toFileRecord),
    findVersion: (path, versionId) => read(() => findVersion(scripts, path, versionId)),
    findMarker: (path) => read(() => findMarker(scripts, path)),
    findMarkerById: (id) =>
      read(function* () {
        const marker = yield* at.findMarkerById.get({ id })
        return marker === undefined ? null : yield* findMarker(scripts, marker)
      }),
    commit: (version, content, conditions) =>
      orOverQuota(
        write(
          () => keep(conditions, commit(scripts, version, content, conditions)),
          touchedBy(version, content, conditions),
        ),
      ),
    remove: (removal, conditions) =>
      write(() => remove(scripts, removal, conditions), { isUrgent: true }),
    tag: (tagging, conditions) => write(() => tag(scripts, tagging, conditions)),
    move: (asked, conditions) =>
      orOverQuota(write(() => keep(conditions, move(scripts, asked, conditions)))),
    ...createFileListings(engine, at),
  }
}

/** Nobody else may give up a content that is about to be shared, or fill a slot that is about to end. */
function touchedBy(
  { bucket, key }: FilePath,
  { kind }: NewContent,
  { useGrant, quotas = [] }: WriteConditions,
): WriteOptions {
  if (kind === 'shared' || kind === 'segments' || useGrant?.slot !== undefined) return {}
  const links = useGrant === undefined ? [] : [linkAsThing(useGrant.id)]
  const touches = [`file ${bucket}/${key}`, ...links, ...quotas.map(nameOfQuota)]
  return { touches, isShareable: true }
}

function* findVersion(
  { at }: FileScripts,
  path: FilePath,
  versionId: string,
): Script<VersionRecord | null> {
  const current = yield* at.find.get(path)
  if (current?.versionId === versionId) return toLatestVersion(toFileRecord(current))
  const row = yield* at.findVersion.get({ ...path, versionId })
  if (row === undefined) return null
  const newest = current === undefined ? yield* at.newestVersion.get(path) : undefined
  return toVersionRecord(row, newest?.versionId === versionId)
}

function* findMarker({ at }: FileScripts, path: FilePath): Script<MarkerRecord | null> {
  if ((yield* at.find.get(path)) !== undefined) return null
  const newest = yield* at.newestVersion.get(path)
  const version = newest === undefined ? null : toVersionRecord(newest, true)
  return version?.isDeleteMarker === true ? version : null
}

/** What a write of a new version asks before anything changes, the use of the grant last. */
export function* admit(
  { contents, grants }: Pick<FileScripts, 'contents' | 'grants'>,
  refusal: WriteRefusal | null,
  content: NewContent | null,
  conditions: WriteConditions,
): Script<WriteRefusal | null> {
  if (refusal !== null) return refusal
  if (content !== null && !(yield* contents.isThere(content))) return 'file-missing'
  const { useGrant } = conditions
  if (useGrant === undefined) return null
  if (!(yield* grants.isAsSeen(useGrant))) return 'epoch-changed'
  return (yield* grants.use(useGrant)) ? null : 'grant-unusable'
}

function* commit(
  scripts: FileScripts,
  { newFileId, newVersionId, ...described }: NewVersion,
  content: NewContent,
  conditions: WriteConditions,
): Script<WriteOutcome> {
  const version = { ...described, quotaKey: quotaKeyOf(conditions) }
  const found = yield* look(scripts, version)
  const refusal =
    checkConditions(found, conditions) ?? (yield* checkOthers(scripts, version, found, conditions))
  const outcome = yield* admit(scripts, refusal, content, conditions)
  if (outcome !== null || !isHere(found)) return { outcome: outcome ?? 'bucket-missing' }
  const { current } = found
  const placed = {
    version,
    newVersionId,
    identity: current ?? { id: newFileId, createdAt: version.modifiedAt },
    content: yield* scripts.contents.hold(content),
    nowMs: scripts.clock.now(),
  }
  const committed = yield* placeOrHold(scripts, found, placed, conditions)
  yield* finishSlot(scripts, committed.file, conditions)
  return committed
}

/** Makes it current, or lets it wait where nobody sees it until it was looked at. */
// oxlint-disable-next-line max-params -- a step and what it is asked
export function* placeOrHold(
  scripts: FileScripts,
  found: FoundHere,
  placed: Placed,
  conditions: WriteConditions,
): Script<Committed> {
  const { held } = scripts
  const { holder } = conditions
  if (holder !== undefined) {
    const waiting = yield* held.hold(found, { placed, conditions, holder, move: null })
    return { outcome: 'committed', replaced: null, ...waiting }
  }
  const file = yield* place(scripts, found, placed)
  yield* overtake(scripts, found, { path: placed.version, by: conditions.by, nowMs: placed.nowMs })
  yield* rememberOwn(scripts, file, conditions)
  yield* noteCreated(scripts, file, conditions)
  return { outcome: 'committed', file, replaced: found.current }
}

/** What was found says whether there is anything to overtake, so that other writes ask nothing for it. */
function* overtake(
  { held }: Pick<FileScripts, 'held'>,
  { hasWaiting }: FoundAt,
  { path, by, nowMs }: Pick<Removal, 'path' | 'nowMs'> & { readonly by: Actor | undefined },
): Script<void> {
  if (hasWaiting) yield* held.overtake(path, by, nowMs)
}

type Committed = Extract<WriteOutcome, { outcome: 'committed' }>

/** What others have stored, or are about to, may stand against it. */
// oxlint-disable-next-line max-params -- as above
export function* checkOthers(
  scripts: Pick<FileScripts, 'grants' | 'held'>,
  path: FilePath,
  found: FoundAt,
  conditions: WriteConditions,
): Script<'condition-failed' | null> {
  const refusal = yield* checkOwn(scripts, found, conditions)
  if (refusal !== null) return refusal
  if (!found.hasWaiting) return null
  return (yield* scripts.held.isDisputed(path, conditions)) ? 'condition-failed' : null
}

/** Whether what is there was stored by the grant that would replace it. */
export function* checkOwn(
  { grants }: Pick<FileScripts, 'grants'>,
  { current }: Found,
  { ifOwn, useGrant }: WriteConditions,
): Script<'condition-failed' | null> {
  if (ifOwn !== true || current === null) return null
  const own = useGrant === undefined ? null : yield* grants.ownContent(useGrant.id)
  return own === current.content.contentId ? null : 'condition-failed'
}

export function* rememberOwn(
  { grants }: Pick<FileScripts, 'grants'>,
  { content }: FileRecord,
  { ifOwn, useGrant }: WriteConditions,
): Script<void> {
  if (ifOwn === true && useGrant !== undefined) {
    yield* grants.rememberOwn(useGrant.id, content.contentId)
  }
}

/** What the trail says of a version that became current. */
export function* noteCreated(
  { trail }: Pick<FileScripts, 'trail'>,
  { bucket, key, size, id, versionId }: FileRecord,
  { by }: WriteConditions,
): Script<void> {
  const detail = { fileId: id, versionId }
  yield* trail.record(by, { kind: 'file.created', path: `${bucket}/${key}`, bytes: size, detail })
}

export function isHere(found: { versioning: unknown }): found is FoundHere {
  return found.versioning !== null
}

function* remove(
  scripts: FileScripts,
  removal: Removal,
  conditions: WriteConditions,
): Script<RemoveOutcome> {
  const { at, grants } = scripts
  const { path, versionId, nowMs } = removal
  const found = yield* look(scripts, path)
  const subject = versionId === null ? found.current : yield* fileAt(scripts, path, versionId)
  const refusal = checkConditions({ ...found, current: subject }, conditions)
  const outcome = yield* admit(scripts, refusal, null, conditions)
  if (outcome !== null || !isHere(found)) return { outcome: outcome ?? 'bucket-missing' }
  const removed: Removed =
    versionId === null
      ? yield* leave(scripts, found, removal)
      : yield* removeVersion(scripts, found, { ...removal, versionId })
  if (versionId === null) yield* overtake(scripts, found, { path, by: conditions.by, nowMs })
  if (found.current !== null && (yield* at.find.get(path)) === undefined) {
    yield* grants.endAt(path, { by: 'delete', nowMs })
  }
  if (removed.removed !== null || removed.isDeleteMarker) {
    const path = `${removal.path.bucket}/${removal.path.key}`
    const fileId = removed.removed?.id ?? found.current?.id
    const detail = { fileId, versionId: removed.versionId, isDeleteMarker: removed.isDeleteMarker }
    yield* scripts.trail.record(conditions.by, { kind: 'file.deleted', path, detail })
  }
  return { outcome: 'removed', ...removed }
}

function* fileAt(
  scripts: FileScripts,
  path: FilePath,
  versionId: string,
): Script<FileRecord | null> {
  const version = yield* findVersion(scripts, path, versionId)
  return version === null || version.isDeleteMarker ? null : version
}

function* tag(
  scripts: FileScripts,
  { path, versionId, tags }: Tagging,
  conditions: WriteConditions,
): Script<TagOutcome> {
  const { at } = scripts
  const found = yield* look(scripts, path)
  const file = versionId === null ? found.current : yield* fileAt(scripts, path, versionId)
  const refusal = checkConditions({ ...found, current: file }, conditions)
  const outcome = yield* admit(scripts, refusal, null, conditions)
  if (outcome !== null || file === null) return { outcome: outcome ?? 'file-missing' }
  const tagged = {
    ...path,
    versionId: file.versionId,
    tags: files.columns.tags.toStored(tags),
  }
  if (file.versionId === found.current?.versionId) yield* at.tag.run(tagged)
  else yield* at.tagVersion.run(tagged)
  return { outcome: 'tagged', versionId: file.versionId }
}

function* move(
  scripts: FileScripts,
  asked: Move,
  conditions: WriteConditions,
): Script<MoveOutcome> {
  const { at, contents, held } = scripts
  const { from, to, nowMs, newVersionId } = asked
  const moving = yield* at.findById.get({ id: asked.id })
  const source = yield* look(scripts, from)
  const target = yield* look(scripts, to)
  const file = moving === undefined ? null : toFileRecord(moving)
  const refusal =
    checkConditions(source, conditions) ??
    decideMove({ moving: file, hasTargetBucket: isHere(target), atTarget: target.current }, asked)
  if (refusal === 'target-exists' || refusal === 'too-large') return { outcome: refusal }
  const outcome = yield* admit(scripts, refusal, null, conditions)
  if (outcome !== null || file === null) return { outcome: outcome ?? 'file-missing' }
  if (isSamePath(from, to)) {
    yield* at.touch.run({ ...to, nowMs })
    return { outcome: 'moved', file: { ...file, modifiedAt: nowMs } }
  }
  if (!isHere(source) || !isHere(target)) return { outcome: 'bucket-missing' }
  const content = yield* contents.hold({ kind: 'shared', content: file.content })
  const { holder } = conditions
  if (holder !== undefined) {
    const { overwrite, newMarkerId } = asked
    const version = { ...file, ...to, modifiedAt: nowMs }
    const placed = { version, newVersionId, identity: file, content, nowMs }
    const move = { from, overwrite, newMarkerId }
    const waiting = yield* held.hold(target, { placed, conditions, holder, move })
    return { outcome: 'moved', file, held: waiting.held }
  }
  const asking = { ...asked, by: conditions.by }
  const moved = yield* carryOver(scripts, { file, content, source, target }, asking)
  yield* overtake(scripts, source, { path: from, by: conditions.by, nowMs })
  yield* overtake(scripts, target, { path: to, by: conditions.by, nowMs })
  return { outcome: 'moved', file: moved }
}

interface Moving {
  readonly file: FileRecord
  /** Held already. */
  readonly content: Content
  readonly source: FoundHere
  readonly target: FoundHere
}

/** The file leaves one name and takes the first place under another. */
export function* carryOver(
  scripts: FileScripts,
  { file, content, source, target }: Moving,
  asked: Pick<Move, 'from' | 'to' | 'newVersionId' | 'newMarkerId' | 'nowMs'> & {
    readonly by: Actor | undefined
  },
): Script<FileRecord> {
  const { grants } = scripts
  const { from, to, newVersionId, newMarkerId, nowMs, by } = asked
  // No file comes back under the old name here, so no id for one is needed.
  const leaving = { path: from, versionId: null, newVersionId: newMarkerId, newFileId: file.id }
  yield* leave(scripts, source, { ...leaving, nowMs })
  const moved = yield* place(scripts, target, {
    version: { ...file, ...to, modifiedAt: nowMs },
    newVersionId,
    identity: file,
    content,
    nowMs,
  })
  yield* grants.endAt(from, { by: 'move', nowMs })
  yield* grants.endAt(to, { by: 'move', nowMs })
  yield* scripts.trail.record(by, {
    kind: 'file.moved',
    path: `${from.bucket}/${from.key}`,
    target: `${to.bucket}/${to.key}`,
    detail: { fileId: file.id },
  })
  return moved
}
