/** Whether the parts that a client lists make a file: in order, there, as it knows them, none but the last too small. */
import type { ChecksumAlgorithm, PartRecord, UploadRecord } from '../../catalog/records.ts'
import { refusal } from '../errors.ts'
import { MIN_PART_BYTES } from '../../platform/s3-limits.ts'

export interface NamedPart {
  readonly number: number
  /** Without quotes. */
  readonly etag: string
  /** In base64. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | null
}

/** The stored ones, in order. Throws `part-order-invalid`, `part-invalid`, `part-too-small`, `upload-claim-wrong`. */
export function checkParts(
  upload: UploadRecord,
  stored: readonly PartRecord[],
  named: readonly NamedPart[],
): readonly PartRecord[] {
  requireOrder(named)
  const byNumber = new Map(stored.map((part) => [part.number, part]))
  const parts = named.map((name) => requirePart(upload, byNumber.get(name.number), name))
  if (upload.resumable !== null) return parts
  for (const part of parts.slice(0, -1)) {
    if (part.size >= MIN_PART_BYTES) continue
    const { number, etag, size: bytes } = part
    throw refusal('part-too-small', { number, etag, bytes, minBytes: MIN_PART_BYTES })
  }
  return parts
}

function requireOrder(named: readonly NamedPart[]): void {
  let previous = 0
  for (const { number } of named) {
    if (number <= previous) throw refusal('part-order-invalid', { number })
    previous = number
  }
}

function requirePart(
  upload: UploadRecord,
  part: PartRecord | undefined,
  { number, etag, checksum }: NamedPart,
): PartRecord {
  const { id: uploadId, checksumAlgorithm, checksumType } = upload
  if (part === undefined || part.etag !== etag || !isSummedUp(part, checksum)) {
    throw refusal('part-invalid', { uploadId, number, etag })
  }
  if (checksumType === 'composite' && checksum === null) {
    const reason = `The upload was created using a ${checksumAlgorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`
    throw refusal('upload-claim-wrong', { reason })
  }
  return part
}

function isSummedUp({ checksums }: PartRecord, claimed: NamedPart['checksum']): boolean {
  if (claimed === null) return true
  const known = checksums.find(({ algorithm }) => algorithm === claimed.algorithm)
  return known?.value === claimed.value
}
