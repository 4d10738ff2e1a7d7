/** Mounted buckets: what they are, and the steps before and after each write of their stores. */
import { checkConditions } from '../decisions/check-conditions.ts'
import type { FilePath, WriteConditions, WriteRefusal } from '../file-steps.ts'
import type { Admission, MountCatalog, MountOutcome, Settlement } from '../mount-steps.ts'
import { buckets } from '../tables/buckets.ts'
import { mounts } from '../tables/mounts.ts'
import { uploads } from '../tables/files.ts'
import type { EpochScripts } from './epoch.ts'
import { admit, checkOwn, noteCreated, rememberOwn } from './files.ts'
import type { FileScripts } from './files.ts'
import { prepareMountStatements } from './mount-statements.ts'
import type { MountStatements } from './mount-statements.ts'
import type { Script, SqlEngine } from './script.ts'
import { dropSlot, finishSlot } from './slots.ts'

export interface MountParts {
  readonly files: FileScripts
  readonly epoch: EpochScripts
}

export function createMountCatalog(engine: SqlEngine, parts: MountParts): MountCatalog {
  const { files, epoch } = parts
  const { write, read, lookUp } = engine
  const at = prepareMountStatements(engine)
  return {
    list: () =>
      read(function* () {
        return (yield* at.list.all({})).map((row) => mounts.toRecord(row))
      }),
    create: (asked, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        return yield* create(at, parts, asked, rights?.by)
      }),
    update: (mount, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        const row = yield* at.find.get(mount)
        if (row === undefined) return false
        yield* at.update.run(mounts.toStored({ ...mounts.toRecord(row), ...mount }))
        const detail = { store: row.url, readOnly: mount.isReadOnly }
        const path = `${mount.bucket}/`
        yield* files.trail.record(rights?.by, { kind: 'bucket.changed', path, detail })
        yield* epoch.advance()
        return true
      }),
    admit: (admission) => write(() => admitTo(at, files, admission)),
    giveBack: ({ id }) => write(() => files.grants.giveBack(id)),
    settle: (settlement) => write(() => settle(files, settlement)),
    settleRemoval: ({ path, fileId, nowMs }, { by }) =>
      write(function* () {
        yield* files.grants.endAt(path, { by: 'delete', nowMs })
        const detail = { fileId, versionId: null, isDeleteMarker: false }
        yield* files.trail.record(by, { kind: 'file.deleted', path: nameOf(path), detail })
      }),
    settleMove: ({ from, to, fileId, nowMs }, { by }) =>
      write(function* () {
        yield* files.grants.endAt(from, { by: 'move', nowMs })
        yield* files.grants.endAt(to, { by: 'move', nowMs })
        const what = { path: nameOf(from), target: nameOf(to), detail: { fileId } }
        yield* files.trail.record(by, { kind: 'file.moved', ...what })
      }),
    findUpload: (id) => lookUp(at.findUpload, { id }, (row) => row.storeId),
    bindUpload: (id, storeId) =>
      write(function* () {
        yield* at.bindUpload.run({ id, storeId })
        return (yield* at.findUpload.get({ id }))?.storeId ?? storeId
      }),
  }
}

// oxlint-disable-next-line max-params -- a step and what it is asked
function* create(
  at: MountStatements,
  { files, epoch }: MountParts,
  { bucket, mount }: Parameters<MountCatalog['create']>[0],
  by: WriteConditions['by'],
): Script<MountOutcome> {
  const others = (yield* at.list.all({})).filter(({ bucket: name }) => name !== mount.bucket)
  const other = others.find(
    ({ place }) => place.startsWith(mount.place) || mount.place.startsWith(place),
  )
  if (other !== undefined) return { outcome: 'overlaps', bucket: other.bucket }
  if ((yield* at.createBucket.run(buckets.toStored(bucket))) === 0) return { outcome: 'exists' }
  yield* at.insert.run(mounts.toStored(mount))
  const detail = { store: mount.url, readOnly: mount.isReadOnly }
  yield* files.trail.record(by, { kind: 'bucket.created', path: `${bucket.name}/`, detail })
  yield* epoch.advance()
  return { outcome: 'created' }
}

// oxlint-disable-next-line max-params -- as above
function* admitTo(
  at: MountStatements,
  files: FileScripts,
  { path, current, conditions }: Admission,
): Script<WriteRefusal | null> {
  const { holder, quotas = [] } = conditions
  const guard = yield* files.at.guard.get(path)
  const isMounted = (yield* at.find.get(path)) !== undefined
  const found = {
    epoch: guard?.epoch ?? 0,
    versioning: isMounted ? ('off' as const) : null,
    current,
  }
  const refusal = checkConditions(found, conditions) ?? (yield* checkOwn(files, found, conditions))
  // Neither could be kept in one transaction with what another server stores.
  if (refusal === null && (holder !== undefined || quotas.length > 0)) return 'not-enforceable'
  return yield* admit(files, refusal, null, conditions)
}

function* settle(files: FileScripts, { file, conditions, upload }: Settlement): Script<void> {
  if (upload === undefined) yield* finishSlot(files, file, conditions)
  else {
    const { uploadId: id, ...finished } = upload
    const row = yield* files.slots.on.find.get({ id })
    if (row !== undefined) {
      const slot = { upload: uploads.toRecord(row), nowMs: file.modifiedAt }
      yield* dropSlot(files.slots, files.contents, slot)
    }
    const { id: fileId, bucket, key, versionId, checksums } = file
    const made = { fileId, bucket, key, versionId, checksums, resumable: null }
    yield* files.slots.finished.remember({ id, ...made, ...finished })
  }
  yield* rememberOwn(files, file, conditions)
  yield* noteCreated(files, file, conditions)
}

function nameOf({ bucket, key }: FilePath): string {
  return `${bucket}/${key}`
}
