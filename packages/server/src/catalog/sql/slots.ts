/** The slots of uploads, and how one ends when its file came in one piece. */
import type { FileRecord, PartRecord, UploadRecord } from '../records.ts'
import { uploads } from '../tables/files.ts'
import type { WriteConditions } from '../file-steps.ts'
import type { ContentScripts } from './contents.ts'
import { toPartRecord } from './file-rows.ts'
import { createFinishedUploads } from './finished-uploads.ts'
import type { FinishedUploads } from './finished-uploads.ts'
import type { Script, SqlEngine } from './script.ts'
import { prepareUploadStatements } from './upload-statements.ts'
import type { UploadStatements } from './upload-statements.ts'
import { createUploadTallies } from './upload-tallies.ts'
import type { UploadTallyScripts } from './upload-tallies.ts'

export interface SlotScripts {
  readonly on: UploadStatements
  readonly tallies: UploadTallyScripts
  readonly finished: FinishedUploads
}

export function createSlotScripts(engine: SqlEngine): SlotScripts {
  return {
    on: prepareUploadStatements(engine),
    tallies: createUploadTallies(engine),
    finished: createFinishedUploads(engine),
  }
}

export function* removeSlot({ on }: SlotScripts, id: string): Script<void> {
  yield* on.removeParts.run({ uploadId: id })
  yield* on.unbind.run({ id })
  yield* on.remove.run({ id })
}

/** The slot and its parts go, and what they held is let go of. */
export function* dropSlot(
  slots: SlotScripts,
  contents: ContentScripts,
  { upload, nowMs }: { readonly upload: UploadRecord; readonly nowMs: number },
): Script<void> {
  const all: PartRecord[] = (yield* slots.on.allParts.all({ uploadId: upload.id })).map(
    toPartRecord,
  )
  for (const { content } of all) yield* contents.release(content, nowMs)
  yield* slots.tallies.end(upload, all)
  yield* removeSlot(slots, upload.id)
}

/** Ends the slot of a planned upload with the write of its file, and remembers which that is. */
export function* finishSlot(
  { slots, contents }: { readonly slots: SlotScripts; readonly contents: ContentScripts },
  file: FileRecord,
  { useGrant }: WriteConditions,
): Script<void> {
  if (useGrant?.slot === undefined) return
  const { id, forgetAt } = useGrant.slot
  const row = yield* slots.on.find.get({ id })
  if (row === undefined) return
  const upload = uploads.toRecord(row)
  yield* dropSlot(slots, contents, { upload, nowMs: file.modifiedAt })
  const { id: fileId, bucket, key, versionId, etag, checksums } = file
  const { resumable } = upload
  const made = { fileId, bucket, key, versionId, etag, checksums, partCount: 0, resumable }
  yield* slots.finished.remember({ id, ...made, forgetAt })
}
