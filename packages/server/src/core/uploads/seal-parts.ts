/** What is said of a file that is made of parts: all of it follows from what is known of the parts [S3-CHECKSUMS]. */
import { createHash } from 'node:crypto'
import type { SealedBody } from '../../catalog/file-steps.ts'
import type {
  Checksum,
  ChecksumAlgorithm,
  PartRecord,
  UploadRecord,
} from '../../catalog/records.ts'
import { combineCrcs } from '../../platform/crcs/combine-crcs.ts'
import type { CrcAlgorithm } from '../../platform/crcs/polynomials.ts'
import { digestOf } from '../files/checksums.ts'
import { DEFAULT_ALGORITHM } from './part-checksums.ts'

export function sealParts(
  { checksumAlgorithm, checksumType }: Pick<UploadRecord, 'checksumAlgorithm' | 'checksumType'>,
  parts: readonly PartRecord[],
): SealedBody {
  const checksum = sumUp(parts, {
    algorithm: checksumAlgorithm ?? DEFAULT_ALGORITHM,
    type: checksumType ?? 'full-object',
  })
  return {
    size: parts.reduce((sum, { size }) => sum + size, 0),
    etag: etagOfParts(parts),
    checksums: checksum === null ? [] : [checksum],
  }
}

/** The MD5 of the MD5s, and of how many. */
export function etagOfParts(parts: readonly { readonly etag: string }[]): string {
  const md5 = createHash('md5')
  for (const { etag } of parts) md5.update(etag, 'hex')
  return `${md5.digest('hex')}-${parts.length}`
}

/** `null` where it does not follow: a part was not summed up that way, or what cannot be joined was asked of all bytes. */
export function sumUp(
  parts: readonly PartRecord[],
  { algorithm, type }: Pick<Checksum, 'algorithm' | 'type'>,
): Checksum | null {
  const pieces = parts.flatMap(({ checksums, size }) => {
    const known = checksums.find((checksum) => checksum.algorithm === algorithm)
    return known === undefined ? [] : [{ crc: Buffer.from(known.value, 'base64'), size }]
  })
  if (pieces.length < parts.length) return null
  const digest =
    type === 'composite'
      ? digestOf(algorithm, Buffer.concat(pieces.map(({ crc }) => crc)))
      : isCrc(algorithm)
        ? combineCrcs(algorithm, pieces)
        : null
  if (digest === null) return null
  return { algorithm, type, value: Buffer.from(digest).toString('base64') }
}

export function isCrc(algorithm: ChecksumAlgorithm): algorithm is CrcAlgorithm {
  return algorithm === 'crc32' || algorithm === 'crc32c' || algorithm === 'crc64nvme'
}
