/** Uploads in parts: slots that end in the transaction that completes or aborts them, whichever comes first. */
import type { Completion, NewContent, UploadCatalog } from '../catalog.ts'
import { checkConditions } from '../decisions/check-conditions.ts'
import { decideComplete } from '../decisions/decide-complete.ts'
import type { CompletionPlan } from '../decisions/decide-complete.ts'
import type {
  AbortConditions,
  AbortOutcome,
  OpenConditions,
  OpenOutcome,
  PartConditions,
  PartOutcome,
  WriteConditions,
  WriteOutcome,
} from '../file-steps.ts'
import type {
  Content,
  FileRecord,
  FinishedUploadRecord,
  PartChecksums,
  PartRecord,
  UploadRecord,
} from '../records.ts'
import { parts, uploads } from '../tables/files.ts'
import { toPartRecord } from './file-rows.ts'
import { admit, checkOthers, isHere, placeOrHold } from './files.ts'
import type { FileScripts } from './files.ts'
import { createUploadListing } from './listings.ts'
import type { StoredPart } from './schema.ts'
import { orOverQuota, quotaKeyOf } from './quotas.ts'
import type { Script, SqlEngine } from './script.ts'
import { look } from './succession.ts'
import { createResumableUploads } from './resumable-uploads.ts'
import { dropSlot, removeSlot } from './slots.ts'
import type { SlotScripts } from './slots.ts'

/** What the transactions on uploads are made of, besides those on names. */
type UploadScripts = FileScripts & SlotScripts

export function createUploadCatalog(engine: SqlEngine, files: FileScripts): UploadCatalog {
  const { write, read, lookUp } = engine
  const scripts = { ...files, ...files.slots }
  const { on } = scripts
  const { findFinished, forgetFinished } = scripts.finished
  return {
    create: (upload, conditions) => write(() => open(scripts, upload, conditions)),
    find: (id) => lookUp(on.find, { id }, (row) => uploads.toRecord(row)),
    putPart: (part, content, conditions) =>
      orOverQuota(
        write(() =>
          scripts.quotas.keep(conditions.quotas ?? [], putPart(scripts, part, content, conditions)),
        ),
      ),
    listParts: (uploadId, after, limit) =>
      read(function* () {
        return (yield* on.listParts.all({ uploadId, after, limit })).map(toPartRecord)
      }),
    ...createUploadListing(engine),
    ...createResumableUploads(engine, scripts),
    complete: (completion, conditions) =>
      orOverQuota(
        write(() =>
          scripts.quotas.keep(conditions.quotas ?? [], complete(scripts, completion, conditions)),
        ),
      ),
    findFinished,
    forgetFinished,
    abort: (id, nowMs, conditions) =>
      write(() => abort(scripts, { id, nowMs, ...conditions }), { isUrgent: true }),
    due: (nowMs, limit) =>
      read(function* () {
        return (yield* on.due.all({ nowMs, limit })).map((row) => uploads.toRecord(row))
      }),
  }
}

function* open(
  { at, on, tallies }: UploadScripts,
  upload: UploadRecord,
  { epoch, maxOpen }: OpenConditions,
): Script<OpenOutcome> {
  const guard = yield* at.guard.get(upload)
  if (epoch !== null && guard?.epoch !== epoch) return { outcome: 'epoch-changed' }
  if ((guard?.versioning ?? null) === null) return { outcome: 'bucket-missing' }
  if (!(yield* tallies.open(upload.createdBy, maxOpen))) return { outcome: 'too-many-uploads' }
  const idleMs = upload.expiresAt - upload.createdAt
  yield* on.insert.run({ ...uploads.toStored(upload), idle_ms: idleMs })
  return { outcome: 'opened' }
}

// oxlint-disable-next-line max-params -- a step and what it is asked
function* putPart(
  { at, on, contents, tallies, clock }: UploadScripts,
  part: Omit<PartRecord, 'content'>,
  content: NewContent,
  { epoch, maxOpenBytes, ifOffset }: PartConditions,
): Script<PartOutcome> {
  const upload = yield* on.find.get({ id: part.uploadId })
  if (upload === undefined) return { outcome: 'upload-missing' }
  const guard = yield* at.guard.get(upload)
  if (epoch !== null && guard?.epoch !== epoch) return { outcome: 'epoch-changed' }
  if (!(yield* contents.isThere(content))) return { outcome: 'file-missing' }
  if (ifOffset !== undefined) {
    const measured = yield* on.measure.get(part)
    const isNext = measured?.bytes === ifOffset && measured.last < part.number
    if (!isNext) return { outcome: 'offset-moved' }
  }
  const replaced = yield* on.findPart.get(part)
  const difference = part.size - (replaced?.size ?? 0)
  if (!(yield* tallies.fill(upload.createdBy, difference, maxOpenBytes))) {
    return { outcome: 'too-many-bytes' }
  }
  const stored: PartRecord = { ...part, content: yield* contents.hold(content) }
  yield* on.putPart.run(toStoredPart(stored))
  if (replaced !== undefined) {
    yield* contents.release(toPartRecord(replaced).content, clock.now())
  }
  yield* on.touch.run({ id: part.uploadId, nowMs: part.modifiedAt })
  return { outcome: 'stored', part: stored }
}

function toStoredPart({ content, ...part }: PartRecord): StoredPart {
  return parts.toStored({ ...part, contentKind: content.kind, contentId: content.contentId })
}

function* abort(
  { at, on, contents, slots }: UploadScripts,
  { id, nowMs, epoch, ifIdle }: AbortConditions & { readonly id: string; readonly nowMs: number },
): Script<AbortOutcome> {
  const row = yield* on.find.get({ id })
  if (row === undefined || (ifIdle === true && row.expiresAt > nowMs)) {
    return { outcome: 'upload-missing' }
  }
  const guard = yield* at.guard.get(row)
  if (epoch !== null && guard?.epoch !== epoch) return { outcome: 'epoch-changed' }
  yield* dropSlot(slots, contents, { upload: uploads.toRecord(row), nowMs })
  return { outcome: 'aborted' }
}

function* complete(
  scripts: UploadScripts,
  completion: Completion,
  conditions: WriteConditions,
): Script<WriteOutcome> {
  const { on, tallies } = scripts
  const { uploadId, sealed, nowMs, newVersionId } = completion
  const row = yield* on.find.get({ id: uploadId })
  if (row === undefined) return { outcome: 'upload-missing' }
  const upload = uploads.toRecord(row)
  const found = yield* look(scripts, upload)
  const all = (yield* on.allParts.all({ uploadId })).map(toPartRecord)
  const plan = decideComplete(all, completion.parts)
  const refusal =
    checkConditions(found, conditions) ??
    (yield* checkOthers(scripts, upload, found, conditions)) ??
    (plan === null ? 'condition-failed' : null)
  const outcome = yield* admit(scripts, refusal, null, conditions)
  if (outcome !== null || plan === null || !isHere(found)) {
    return { outcome: outcome ?? 'condition-failed' }
  }
  const content = yield* joinParts(scripts, completion, plan)
  const checksums = partChecksumsOf(upload, plan)
  if (checksums !== null) yield* scripts.contents.describeParts(content.contentId, checksums)
  yield* tallies.end(upload, all)
  yield* removeSlot(scripts, uploadId)
  const { bucket, key, contentType, headers, metadata, tags } = upload
  // Whoever completes it may have a quota, or whoever opened it.
  const quotaKey = quotaKeyOf(conditions) || upload.quotaKey
  const said = { contentType, headers, metadata, tags, quotaKey }
  const described = { bucket, key, ...said, modifiedAt: nowMs }
  const placed = {
    version: { ...described, ...sealed, partSizes: plan.used.map(({ size }) => size) },
    newVersionId,
    identity: found.current ?? { id: completion.newFileId, createdAt: nowMs },
    content,
    nowMs,
  }
  const committed = yield* placeOrHold(scripts, found, placed, conditions)
  yield* scripts.finished.remember(finishedOf(completion, committed.file, upload))
  return committed
}

/** `null` where the client did not say which the parts have. */
function partChecksumsOf(
  { checksumAlgorithm: algorithm }: UploadRecord,
  { used }: CompletionPlan,
): PartChecksums | null {
  if (algorithm === null) return null
  const values = used.flatMap(({ checksums }) =>
    checksums.filter((known) => known.algorithm === algorithm).map(({ value }) => value),
  )
  return { algorithm, values }
}

function finishedOf(
  { uploadId, forgetAt }: Completion,
  file: FileRecord,
  { resumable }: UploadRecord,
): FinishedUploadRecord {
  const { id: fileId, bucket, key, versionId, etag, checksums, partSizes } = file
  const made = { fileId, bucket, key, versionId, etag, checksums, partCount: partSizes.length }
  return { id: uploadId, ...made, resumable, forgetAt }
}

/** What the parts held passes on: a single content as it is, several as the segments of one. */
function* joinParts(
  { on, contents }: UploadScripts,
  { uploadId, contentId, nowMs }: Completion,
  { used, unused }: CompletionPlan,
): Script<Content> {
  for (const part of unused) {
    yield* on.removePart.run({ uploadId, number: part.number })
    yield* contents.release(part.content, nowMs)
  }
  const filled = used.filter(({ size }) => size > 0)
  const [only = used[0]] = filled
  if (filled.length <= 1 && only !== undefined) {
    for (const part of used) if (part !== only) yield* contents.release(part.content, nowMs)
    return only.content
  }
  yield* on.insertContent.run({ id: contentId, size: sizeOf(used) })
  yield* on.joinBytes.run({ id: contentId, uploadId })
  let begins = 0
  for (const part of used) {
    if (part.content.kind === 'segments') {
      const { contentId: partId } = part.content
      yield* on.joinSegments.run({ id: contentId, partId, begins })
      yield* contents.shareParts(partId)
      yield* contents.release(part.content, nowMs)
    } else if (part.size === 0) yield* contents.release(part.content, nowMs)
    begins += part.size
  }
  return { kind: 'segments', contentId }
}

function sizeOf(joined: readonly PartRecord[]): number {
  return joined.reduce((size, part) => size + part.size, 0)
}
