/** Uploads that are sent from one end to the other: how much has come, how long they will be, and what they are put together of. */
import type { JoinedUpload, UploadCatalog } from '../catalog.ts'
import type { DeclareOutcome, JoinOutcome, OpenConditions } from '../file-steps.ts'
import type { UploadRecord } from '../records.ts'
import { uploads } from '../tables/files.ts'
import { toPartRecord } from './file-rows.ts'
import type { FileScripts } from './files.ts'
import { orOverQuota } from './quotas.ts'
import type { Script, SqlEngine } from './script.ts'
import type { SlotScripts } from './slots.ts'

type ResumableScripts = Pick<FileScripts, 'at' | 'quotas'> & SlotScripts

export function createResumableUploads(
  { write }: SqlEngine,
  scripts: ResumableScripts,
): Pick<UploadCatalog, 'join' | 'declareLength'> {
  return {
    join: (upload, sources, conditions) =>
      orOverQuota(
        write(() =>
          scripts.quotas.keep(conditions.quotas ?? [], join(scripts, upload, sources, conditions)),
        ),
      ),
    declareLength: (id, length, conditions) =>
      write(() => declareLength(scripts, { id, length, ...conditions })),
  }
}

// oxlint-disable-next-line max-params -- a step and what it is asked
function* join(
  scripts: ResumableScripts,
  upload: UploadRecord,
  sources: readonly JoinedUpload[],
  { epoch, maxOpen }: OpenConditions,
): Script<JoinOutcome> {
  const { at, on, tallies } = scripts
  const guard = yield* at.guard.get(upload)
  if (epoch !== null && guard?.epoch !== epoch) return { outcome: 'epoch-changed' }
  if ((guard?.versioning ?? null) === null) return { outcome: 'bucket-missing' }
  const { createdBy } = upload
  if (!(yield* areThere(scripts, sources, createdBy))) return { outcome: 'parts-missing' }
  // Each of them makes room for one: that there are too many cannot be from here on.
  for (const { id } of sources) {
    yield* tallies.end({ createdBy }, (yield* on.allParts.all({ uploadId: id })).map(toPartRecord))
  }
  if (!(yield* tallies.open(createdBy, maxOpen))) {
    throw new Error('An upload ended and made no room.')
  }
  const idleMs = upload.expiresAt - upload.createdAt
  yield* on.insert.run({ ...uploads.toStored(upload), idle_ms: idleMs })
  yield* takeParts(scripts, upload, sources)
  return { outcome: 'opened' }
}

/** Of the same opener, and as long as is said. */
function* areThere(
  { on }: ResumableScripts,
  sources: readonly JoinedUpload[],
  createdBy: string,
): Script<boolean> {
  for (const { id, bytes } of sources) {
    const row = yield* on.find.get({ id })
    const measured = yield* on.measure.get({ uploadId: id })
    if (row === undefined || row.createdBy !== createdBy || measured?.bytes !== bytes) return false
  }
  return true
}

function* takeParts(
  { on, tallies }: ResumableScripts,
  { id: to, createdBy }: UploadRecord,
  sources: readonly JoinedUpload[],
): Script<void> {
  let last = 0
  for (const { id, bytes } of sources) {
    yield* on.moveParts.run({ from: id, to, after: last })
    yield* on.remove.run({ id })
    yield* tallies.fill(createdBy, bytes, Number.POSITIVE_INFINITY)
    last = (yield* on.measure.get({ uploadId: to }))?.last ?? last
  }
}

function* declareLength(
  { at, on }: ResumableScripts,
  {
    id,
    length,
    epoch,
  }: Pick<OpenConditions, 'epoch'> & { readonly id: string; readonly length: number },
): Script<DeclareOutcome> {
  const row = yield* on.find.get({ id })
  if (row === undefined) return { outcome: 'upload-missing' }
  const upload = uploads.toRecord(row)
  const guard = yield* at.guard.get(upload)
  if (epoch !== null && guard?.epoch !== epoch) return { outcome: 'epoch-changed' }
  const { resumable } = upload
  if (resumable === null || resumable.length !== null) return { outcome: 'upload-missing' }
  const changed = uploads.toStored({ ...upload, resumable: { ...resumable, length } })
  yield* on.describe.run({ id, resumable: changed.resumable })
  return { outcome: 'declared' }
}
