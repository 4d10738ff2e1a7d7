/** Uploads in parts: slots that end in the transaction that completes or aborts them, whichever comes first. */
import type { Completion, UploadCatalog } from '../catalog.ts'
import { checkConditions } from '../decisions/check-conditions.ts'
import { decideComplete } from '../decisions/decide-complete.ts'
import type { CompletionPlan } from '../decisions/decide-complete.ts'
import type { PartOutcome, WriteConditions, WriteOutcome } from '../file-steps.ts'
import type { Content, PartRecord } from '../records.ts'
import { parts, uploads } from '../tables/files.ts'
import { toPartRecord } from './file-rows.ts'
import { admit, isHere } from './files.ts'
import type { FileScripts } from './files.ts'
import { createUploadListing } from './listings.ts'
import type { StoredPart } from './schema.ts'
import type { Script, SqlEngine } from './script.ts'
import { look, place } from './succession.ts'
import { prepareUploadStatements } from './upload-statements.ts'
import type { UploadStatements } from './upload-statements.ts'

export function createUploadCatalog(engine: SqlEngine, scripts: FileScripts): UploadCatalog {
  const { write, read, lookUp } = engine
  const at = prepareUploadStatements(engine)
  return {
    create: (upload) =>
      write(function* () {
        const guard = yield* scripts.at.guard.get(upload)
        if ((guard?.versioning ?? null) === null) return false
        const idleMs = upload.expiresAt - upload.createdAt
        yield* at.insert.run({ ...uploads.toStored(upload), idle_ms: idleMs })
        return true
      }),
    find: (id) => lookUp(at.find, { id }, (row) => uploads.toRecord(row)),
    putPart: (part, content, { epoch }) =>
      write(function* (): Script<PartOutcome> {
        const upload = yield* at.find.get({ id: part.uploadId })
        if (upload === undefined) return { outcome: 'upload-missing' }
        const guard = yield* scripts.at.guard.get(upload)
        if (epoch !== null && guard?.epoch !== epoch) return { outcome: 'epoch-changed' }
        if (!(yield* scripts.contents.isThere(content))) return { outcome: 'file-missing' }
        const replaced = yield* at.findPart.get(part)
        const stored: PartRecord = { ...part, content: yield* scripts.contents.hold(content) }
        yield* at.putPart.run(toStoredPart(stored))
        if (replaced !== undefined) {
          yield* scripts.contents.release(toPartRecord(replaced).content, scripts.clock.now())
        }
        yield* at.touch.run({ id: part.uploadId, nowMs: part.modifiedAt })
        return { outcome: 'stored', part: stored }
      }),
    listParts: (uploadId, after, limit) =>
      read(function* () {
        return (yield* at.listParts.all({ uploadId, after, limit })).map(toPartRecord)
      }),
    ...createUploadListing(engine),
    complete: (completion, conditions) =>
      write(() => complete(at, scripts, completion, conditions)),
    abort: (id, nowMs) => write(() => abort(at, scripts, id, nowMs), { isUrgent: true }),
    due: (nowMs, limit) =>
      read(function* () {
        return (yield* at.due.all({ nowMs, limit })).map((row) => uploads.toRecord(row))
      }),
  }
}

function toStoredPart({ content, ...part }: PartRecord): StoredPart {
  return parts.toStored({ ...part, contentKind: content.kind, contentId: content.contentId })
}

function* abort(
  at: UploadStatements,
  { contents }: FileScripts,
  id: string,
  nowMs: number,
): Script<boolean> {
  if ((yield* at.find.get({ id })) === undefined) return false
  const all = yield* at.allParts.all({ uploadId: id })
  for (const row of all) yield* contents.release(toPartRecord(row).content, nowMs)
  yield* removeSlot(at, id)
  return true
}

function* removeSlot(at: UploadStatements, id: string): Script<void> {
  yield* at.removeParts.run({ uploadId: id })
  yield* at.remove.run({ id })
}

function* complete(
  at: UploadStatements,
  scripts: FileScripts,
  completion: Completion,
  conditions: WriteConditions,
): Script<WriteOutcome> {
  const { uploadId, sealed, nowMs } = completion
  const row = yield* at.find.get({ id: uploadId })
  if (row === undefined) return { outcome: 'upload-missing' }
  const upload = uploads.toRecord(row)
  const found = yield* look(scripts, upload)
  const all = (yield* at.allParts.all({ uploadId })).map(toPartRecord)
  const plan = decideComplete(all, completion.parts)
  const refusal = checkConditions(found, conditions) ?? (plan === null ? 'condition-failed' : null)
  const outcome = yield* admit(scripts, refusal, null, conditions)
  if (outcome !== null || plan === null || !isHere(found)) {
    return { outcome: outcome ?? 'condition-failed' }
  }
  const content = yield* joinParts(at, scripts, completion, plan)
  yield* removeSlot(at, uploadId)
  const { bucket, key, contentType, headers, metadata, tags } = upload
  const described = { bucket, key, contentType, headers, metadata, tags, modifiedAt: nowMs }
  const file = yield* place(scripts, found, {
    version: { ...described, ...sealed, partSizes: plan.used.map(({ size }) => size) },
    newVersionId: completion.newVersionId,
    identity: found.current ?? { id: completion.newFileId, createdAt: nowMs },
    content,
    nowMs,
  })
  return { outcome: 'committed', file, replaced: found.current }
}

/** What the parts held passes on: a single content as it is, several as the segments of one. */
function* joinParts(
  at: UploadStatements,
  { contents }: FileScripts,
  { uploadId, contentId, nowMs }: Completion,
  { used, unused }: CompletionPlan,
): Script<Content> {
  for (const part of unused) {
    yield* at.removePart.run({ uploadId, number: part.number })
    yield* contents.release(part.content, nowMs)
  }
  const filled = used.filter(({ size }) => size > 0)
  const [only = used[0]] = filled
  if (filled.length <= 1 && only !== undefined) {
    for (const part of used) if (part !== only) yield* contents.release(part.content, nowMs)
    return only.content
  }
  yield* at.insertContent.run({ id: contentId, size: sizeOf(used) })
  yield* at.joinBytes.run({ id: contentId, uploadId })
  let begins = 0
  for (const part of used) {
    if (part.content.kind === 'segments') {
      const { contentId: partId } = part.content
      yield* at.joinSegments.run({ id: contentId, partId, begins })
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
