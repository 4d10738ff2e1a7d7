/** Stores a part of an upload: counted, hashed and compared on the way, as a whole file is. */
import type { ChecksumAlgorithm, PartRecord, UploadRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { measureBody, requireDigests } from '../files/checked-body.ts'
import type { ExpectedDigest, MeasuredBody } from '../files/checked-body.ts'
import { digestText, requireSealed, seal, withEtag } from '../files/write-file.ts'
import { holdPermit, requireInTime } from '../policy/hold-permit.ts'
import type { Permit } from '../policy/permit.ts'
import { findNumbered, findUpload, uploadNotFound } from './find-upload.ts'
import { algorithmsOfPart } from './part-checksums.ts'
import { partConditions, storedPart } from './store-part.ts'

export interface WritePartRequest {
  readonly uploadId: string
  /** 1 to 10,000. */
  readonly number: number
  /** The announced size, framing taken off. */
  readonly contentLength: number
  /** That came with the part. */
  readonly checksums: readonly ChecksumAlgorithm[]
  /** Asked after the last byte, because a trailer may bring some. */
  readonly expected: () => readonly ExpectedDigest[]
  /** Of an upload that is sent from one end to the other. */
  readonly isResumable?: boolean
}

/**
 * Throws `upload-not-found`, `upload-claim-wrong`, `file-too-large` and `quota-exceeded` before a byte is asked for; then `body-incomplete`,
 * `digest-mismatch`, `upload-too-long`, `upload-limit`, and what authorising again throws.
 */
export async function writePart(
  core: CoreContext,
  permit: Permit<'write'>,
  request: WritePartRequest,
  stream: { readonly body: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
): Promise<PartRecord> {
  const { uploadId, number, contentLength } = request
  const find = request.isResumable === true ? findUpload : findNumbered
  const upload = await find(core, permit, uploadId)
  const algorithms = algorithmsOfPart(upload, request.checksums)
  requireChecksum(upload, request.checksums)
  checkSize(permit, contentLength)
  const room = await core.reservations.reserve(core, permit, {
    size: contentLength,
    isPart: true,
    findReplaced: () => findReplaced(core, upload, number),
  })
  try {
    return await store(core, permit, { ...request, algorithms }, stream)
  } finally {
    room.release()
  }
}

// oxlint-disable-next-line max-params -- as above, with what was found out
async function store(
  core: CoreContext,
  permit: Permit<'write'>,
  request: WritePartRequest & { readonly algorithms: ReadonlySet<ChecksumAlgorithm> },
  stream: { readonly body: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
): Promise<PartRecord> {
  const { uploadId, number, contentLength, algorithms } = request
  // A signature over the body is compared, and not kept.
  const announced = request.expected().map(({ algorithm }) => algorithm)
  const body = measureBody(
    core.beginDigests,
    stream.body,
    withEtag([...algorithms, 'sha256', ...announced]),
    {
      contentLength,
      maxBytes: permit.maxBytes,
      requireInTime: () => requireInTime(core, permit),
    },
  )
  let measured: MeasuredBody | null = null
  const hold = holdPermit(core, permit)
  const writing = core.files.uploads.writePart({
    uploadId,
    number,
    body: body.bytes,
    size: contentLength,
    seal: async () => {
      measured = await body.finish()
      requireDigests(measured, request.expected())
      return seal(measured, algorithms)
    },
    sha256: () => digestText(requireSealed(measured), 'sha256', 'base64'),
    conditions: async () => {
      const held = await hold()
      checkSize(held, measured?.size ?? 0)
      return partConditions(held)
    },
    signal: stream.signal,
  })
  const outcome = await writing.finally(() => body.close())
  const part = storedPart(permit, outcome, uploadId)
  if (part === null) throw uploadNotFound(uploadId)
  return part
}

/** A checksum of checksums is of those that the client has seen: none is made up for it [S3-CHECKSUMS]. */
function requireChecksum(
  { checksumAlgorithm, checksumType }: UploadRecord,
  sent: readonly ChecksumAlgorithm[],
): void {
  if (checksumType !== 'composite' || sent.length > 0) return
  const reason = `Checksum Type mismatch occurred, expected checksum Type: ${checksumAlgorithm}, actual checksum Type: null`
  throw refusal('upload-claim-wrong', { reason })
}

function checkSize({ maxBytes }: Permit<'write'>, size: number): void {
  if (size > maxBytes) throw refusal('file-too-large', { maxBytes })
}

/** The same part, sent once more. */
async function findReplaced(
  core: CoreContext,
  { id, quotaKey }: UploadRecord,
  number: number,
): Promise<{ readonly size: number; readonly quotaKey: string } | null> {
  const [part] = await core.files.uploads.listParts(id, number - 1, 1)
  return part?.number === number ? { size: part.size, quotaKey } : null
}
