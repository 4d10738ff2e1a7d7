/**
 * A part with a range of what another file holds. No byte moves: the range is read to be summed up, because a part has the MD5 of
 * its bytes for an ETag, and not even that where the source says it already.
 */
import type { ByteRange } from '../../blobs/blob-store.ts'
import type { SealedBody } from '../../catalog/file-steps.ts'
import type { Checksum, ChecksumAlgorithm, FileRecord, PartRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { digestRange } from '../files/digest-range.ts'
import { findSource } from '../files/find-source.ts'
import type { CopySource } from '../files/find-source.ts'
import type { CopyPermits } from '../files/copy-file.ts'
import { fileNotFound } from '../find-version.ts'
import { seal, withEtag } from '../files/write-file.ts'
import { MAX_PUT_BYTES } from '../../platform/s3-limits.ts'
import { holdTwo } from '../policy/hold-two.ts'
import { findNumbered } from './find-upload.ts'
import { algorithmsOfPart } from './part-checksums.ts'
import { partConditions, storedPart } from './store-part.ts'

export interface CopyPartRequest {
  readonly uploadId: string
  readonly number: number
  readonly source: CopySource
  /** `null` for all of it. */
  readonly range: ByteRange | null
}

export interface CopiedPart {
  readonly part: PartRecord
  readonly source: FileRecord
}

/** The content of the source may be given up while it is read: then the source is looked for again. */
const MAX_TRIES = 5

/** Throws what `findSource` throws, and `upload-not-found`, `field-invalid` for the range, `file-too-large`, `upload-limit`, `quota-exceeded`. */
export async function copyPart(
  core: CoreContext,
  permits: CopyPermits,
  request: CopyPartRequest,
  signal: AbortSignal,
): Promise<CopiedPart> {
  const { uploadId, number } = request
  const upload = await findNumbered(core, permits.to, uploadId)
  const algorithms = algorithmsOfPart(upload, [])
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const source = await findSource(core, permits.from, request.source)
    const range = chooseRange(request.range, source)
    requireRoom(permits.to.maxBytes, sizeOf(range, source))
    const asked = { range, algorithms, signal }
    const sealed = sealedAlready(source, asked) ?? (await sealByReading(core, source, asked))
    if (sealed === null) continue
    const part = await store(core, permits, { uploadId, number, source, range, sealed })
    if (part !== null) return { part, source }
  }
  throw fileNotFound(permits.from.path)
}

interface PartToCopy extends Omit<CopyPartRequest, 'source'> {
  readonly source: FileRecord
  readonly sealed: SealedBody
}

async function store(
  core: CoreContext,
  permits: CopyPermits,
  { uploadId, number, source, range, sealed }: PartToCopy,
): Promise<PartRecord | null> {
  const hold = holdTwo(core, permits)
  const outcome = await core.files.uploads.copyPart({
    uploadId,
    number,
    source,
    range: range ?? { start: 0, end: source.size - 1 },
    sealed,
    conditions: async () => {
      const { to } = await hold()
      requireRoom(to.maxBytes, sealed.size)
      return partConditions(to)
    },
  })
  return storedPart(permits.to, outcome, uploadId)
}

/** A range that reaches past the end is refused, not cut: the client would believe that it copied more. */
function chooseRange(range: ByteRange | null, { size }: FileRecord): ByteRange | null {
  if (range === null || range.end < size) return range
  const reason = `Range specified is not valid for source object of size: ${size}`
  throw refusal('field-invalid', { field: 'x-amz-copy-source-range', reason })
}

function sizeOf(range: ByteRange | null, { size }: FileRecord): number {
  return range === null ? size : range.end - range.start + 1
}

function requireRoom(maxBytes: number, size: number): void {
  const most = Math.min(maxBytes, MAX_PUT_BYTES)
  if (size > most) throw refusal('file-too-large', { maxBytes: most })
}

type Asked = Parameters<typeof digestRange>[2] & {
  readonly algorithms: ReadonlySet<ChecksumAlgorithm>
}

const MD5_HEX = /^[0-9a-f]{32}$/

/** What the source says of all its bytes, where all of them are copied and it says enough. */
function sealedAlready(source: FileRecord, { range, algorithms }: Asked): SealedBody | null {
  if (range !== null || !MD5_HEX.test(source.etag)) return null
  const checksums: Checksum[] = []
  for (const algorithm of algorithms) {
    const known = source.checksums.find(
      (checksum) => checksum.algorithm === algorithm && checksum.type === 'full-object',
    )
    if (known === undefined) return null
    checksums.push(known)
  }
  return { size: source.size, etag: source.etag, checksums }
}

async function sealByReading(
  core: CoreContext,
  source: FileRecord,
  asked: Asked,
): Promise<SealedBody | null> {
  const digests = await digestRange(core, source, {
    ...asked,
    algorithms: withEtag(asked.algorithms),
  })
  if (digests === null) return null
  return seal({ size: sizeOf(asked.range, source), digests }, asked.algorithms)
}
