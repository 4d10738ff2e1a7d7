/** What a client says of the whole when it completes an upload, compared with what its parts are. */
import type { SealedBody } from '../../catalog/file-steps.ts'
import type {
  Checksum,
  ChecksumAlgorithm,
  PartRecord,
  UploadRecord,
} from '../../catalog/records.ts'
import { refusal } from '../errors.ts'
import { sumUp } from './seal-parts.ts'

export interface UploadClaims {
  readonly size: number | null
  readonly checksumType: Checksum['type'] | null
  readonly checksum: {
    readonly algorithm: ChecksumAlgorithm
    /** In base64, with the number of parts behind it if it is of their checksums: `…-3`. */
    readonly value: string
    /** The header, for the message. */
    readonly check: string
  } | null
}

/** Throws `upload-claim-wrong`, `digest-mismatch`. */
export function checkClaims(
  upload: UploadRecord,
  parts: readonly PartRecord[],
  { sealed, claims }: { readonly sealed: SealedBody; readonly claims: UploadClaims },
): void {
  const { size, checksumType } = claims
  const type = upload.checksumType ?? 'full-object'
  if (checksumType !== null && checksumType !== type) {
    throw wrong(
      `The upload was created using the ${nameOf(type)} checksum mode. The complete request must use the same checksum mode.`,
    )
  }
  if (size !== null && size !== sealed.size) {
    throw wrong(
      "The provided 'x-amz-mp-object-size' header value does not match what was computed.",
    )
  }
  if (claims.checksum !== null) checkChecksum(upload, parts, claims.checksum)
}

function checkChecksum(
  upload: UploadRecord,
  parts: readonly PartRecord[],
  { algorithm, value, check }: NonNullable<UploadClaims['checksum']>,
): void {
  const [digest = '', count = null] = value.split('-')
  const type = upload.checksumType ?? (count === null ? 'full-object' : 'composite')
  const known = sumUp(parts, { algorithm, type })
  if (known === null) {
    const { checksumAlgorithm } = upload
    throw wrong(
      `Checksum Type mismatch occurred, expected checksum Type: ${checksumAlgorithm ?? 'null'}, actual checksum Type: ${algorithm}`,
    )
  }
  const isCounted = count === null || count === String(parts.length)
  if (known.value !== digest || !isCounted) throw refusal('digest-mismatch', { check })
}

function nameOf(type: Checksum['type']): string {
  return type === 'composite' ? 'COMPOSITE' : 'FULL_OBJECT'
}

function wrong(reason: string): Error {
  return refusal('upload-claim-wrong', { reason })
}
