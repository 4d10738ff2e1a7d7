/**
 * Takes bytes at the end of an upload. They are made safe piece by piece, and count from then on: a server that is killed, or a connection
 * that breaks off, costs what came after the last piece. Of several senders at once, one goes on.
 */
import type { PartRecord } from '../../../catalog/records.ts'
import type { CoreContext } from '../../context.ts'
import { refusal } from '../../errors.ts'
import { measureBody, requireDigests } from '../../files/checked-body.ts'
import type { ExpectedDigest, MeasuredBody } from '../../files/checked-body.ts'
import { maxObjectBytes } from '../../files/object-size.ts'
import { digestText, requireSealed, seal, withEtag } from '../../files/write-file.ts'
import { RESUMABLE_PIECE_BYTES } from '../../limits.ts'
import { MAX_PARTS } from '../../../platform/s3-limits.ts'
import { holdPermit, requireInTime } from '../../policy/hold-permit.ts'
import type { Permit } from '../../policy/permit.ts'
import { uploadNotFound } from '../find-upload.ts'
import { algorithmsOfPart } from '../part-checksums.ts'
import { partConditions, storedPart } from '../store-part.ts'
import { cutBody } from './cut-body.ts'
import type { ResumableUpload } from './find-resumable.ts'

export interface Appended {
  readonly offset: number
  /** The announced size; `null` if nobody said. */
  readonly contentLength: number | null
  /** Of all that comes with this request. */
  readonly expected: ExpectedDigest | null
}

/**
 * Resolves to how much has come then. Throws `upload-offset-wrong`, `forbidden` for one that was put together of others,
 * `upload-claim-wrong` for more than was announced, `upload-limit`, `file-too-large`, `digest-mismatch`, and whatever broke the body off, after what came
 * was kept.
 */
export async function appendBytes(
  core: CoreContext,
  permit: Permit<'write'>,
  request: { readonly upload: ResumableUpload; readonly appended: Appended },
  body: AsyncIterable<Uint8Array>,
): Promise<number> {
  const { upload, appended } = request
  requirePlace(upload, appended)
  const pieces = cutBody(body)
  let { offset } = upload
  let number = upload.parts.at(-1)?.number ?? 0
  try {
    for (;;) {
      const piece = await pieces.next(sizeOfPiece(offset, appended))
      if (piece === null) break
      number += 1
      if (number > MAX_PARTS) throw refusal('upload-limit', { of: 'parts', limit: MAX_PARTS })
      const isWhole = (): boolean => pieces.fault() === null
      const place = { upload, number, offset, expected: appended.expected, isWhole }
      const { size } = await writePiece(core, permit, place, piece)
      offset += size
    }
  } finally {
    await pieces.close()
  }
  const fault = pieces.fault()
  if (fault !== null) throw fault
  return offset
}

function requirePlace({ id, terms, slot, offset }: ResumableUpload, appended: Appended): void {
  if (terms.kind === 'final') {
    const reason = 'An upload that was put together of others takes no bytes'
    throw refusal('forbidden', { action: 'append', reason })
  }
  if (appended.offset !== offset) throw refusal('upload-offset-wrong', { expected: offset })
  const bytes = appended.contentLength ?? 0
  if (terms.length !== null && offset + bytes > terms.length) {
    const reason = `The upload has ${terms.length} bytes, of which ${offset} have come: ${bytes} are too many.`
    throw refusal('upload-claim-wrong', { reason })
  }
  if (slot === null && bytes > 0) throw uploadNotFound(id)
}

/** What is compared as a whole is kept as a whole. A thousand pieces are enough for what came so far, however long it becomes. */
function sizeOfPiece(offset: number, { expected }: Appended): number {
  if (expected !== null) return Number.POSITIVE_INFINITY
  return Math.max(RESUMABLE_PIECE_BYTES, Math.ceil(offset / 1000))
}

interface PiecePlace {
  readonly upload: ResumableUpload
  readonly number: number
  readonly offset: number
  readonly expected: ExpectedDigest | null
  /** False once the body has broken off. */
  readonly isWhole: () => boolean
}

/** A client that is gone ends the body, and not what is being kept of it. */
const NEVER: AbortSignal = new AbortController().signal

async function writePiece(
  core: CoreContext,
  permit: Permit<'write'>,
  { upload: { id, slot, terms }, number, offset, expected, isWhole }: PiecePlace,
  piece: AsyncIterable<Uint8Array>,
): Promise<PartRecord> {
  if (slot === null) throw uploadNotFound(id)
  const algorithms = algorithmsOfPart(slot, [])
  const compared = expected === null ? [] : [expected.algorithm]
  const length = terms.length ?? Number.POSITIVE_INFINITY
  const body = measureBody(
    core.beginDigests,
    piece,
    withEtag([...algorithms, 'sha256', ...compared]),
    {
      contentLength: null,
      maxBytes: Math.min(maxObjectBytes(permit), length) - offset,
      requireInTime: () => requireInTime(core, permit),
    },
  )
  let measured: MeasuredBody | null = null
  const hold = holdPermit(core, permit)
  const writing = core.files.uploads.writePart({
    uploadId: id,
    number,
    body: body.bytes,
    size: null,
    seal: async () => {
      measured = await body.finish()
      if (expected !== null) requireCompared(measured, expected, isWhole())
      return seal(measured, algorithms)
    },
    sha256: () => digestText(requireSealed(measured), 'sha256', 'base64'),
    conditions: async () => {
      const held = await hold()
      const { size = 0 } = measured ?? {}
      if (offset + size > maxObjectBytes(held)) {
        throw refusal('file-too-large', { maxBytes: maxObjectBytes(held) })
      }
      return { ...partConditions(held), ifOffset: offset }
    },
    signal: NEVER,
  })
  const outcome = await writing.finally(() => body.close())
  const part = storedPart(permit, outcome, id)
  if (part === null) throw uploadNotFound(id)
  return part
}

/** Of half of it nobody can say whether it is what was sent. */
function requireCompared(measured: MeasuredBody, expected: ExpectedDigest, isWhole: boolean): void {
  if (!isWhole) throw refusal('digest-mismatch', { check: expected.check })
  requireDigests(measured, [expected])
}
