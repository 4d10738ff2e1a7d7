/** Which checksum the parts of an upload will carry, and how the whole is summed up of them [S3-CHECKSUMS]. */
import type { Checksum, ChecksumAlgorithm } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import { isCrc } from '../../../core/uploads/seal-parts.ts'
import { amzHeader } from '../face.ts'
import type { S3Request } from '../face.ts'
import { UNKNOWN_ALGORITHM, namedAlgorithm } from './upload-checksums.ts'

const ALGORITHM_HEADER = 'x-amz-checksum-algorithm'
const TYPE_HEADER = 'x-amz-checksum-type'
const TYPES: Readonly<Record<string, Checksum['type']>> = {
  COMPOSITE: 'composite',
  FULL_OBJECT: 'full-object',
}

/** `null` if the client did not say. Throws `upload-claim-wrong` for what cannot be. */
export function parseUploadChecksum(
  request: S3Request,
): Pick<Checksum, 'algorithm' | 'type'> | null {
  const algorithm = parseAlgorithm(request)
  const asked = parseChecksumType(request)
  if (algorithm === null) {
    if (asked === null) return null
    throw wrong(`The ${TYPE_HEADER} header can only be used with the ${ALGORITHM_HEADER} header.`)
  }
  const type = asked ?? (algorithm === 'crc64nvme' ? 'full-object' : 'composite')
  const isPossible = type === 'composite' ? algorithm !== 'crc64nvme' : isCrc(algorithm)
  if (isPossible) return { algorithm, type }
  throw wrong(
    `The ${type === 'composite' ? 'COMPOSITE' : 'FULL_OBJECT'} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
  )
}

/** `x-amz-checksum-algorithm`. */
export function parseAlgorithm(request: S3Request): ChecksumAlgorithm | null {
  const name = amzHeader(request, ALGORITHM_HEADER)
  if (name === null || name === '') return null
  const algorithm = namedAlgorithm(name)
  if (algorithm !== null) return algorithm
  throw wrong(UNKNOWN_ALGORITHM)
}

export function parseChecksumType(request: S3Request): Checksum['type'] | null {
  const name = amzHeader(request, TYPE_HEADER)
  if (name === null || name === '') return null
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
  if (type !== undefined) return type
  throw wrong(`Value for ${TYPE_HEADER} header is invalid.`)
}

function wrong(reason: string): Error {
  return refusal('upload-claim-wrong', { reason })
}
