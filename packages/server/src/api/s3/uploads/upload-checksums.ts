/** The digests a client sends with a body [S3-CHECKSUMS]: read and checked for their form before the first byte is taken. */
import type { ChecksumAlgorithm } from '../../../catalog/records.ts'
import type { ExpectedDigest } from '../../../core/files/checked-body.ts'
import { CHECKSUM_ALGORITHMS, readDigest } from '../../../core/files/checksums.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import { findHeader, headerValues } from '../../../http/raw-headers.ts'
import { queryValue } from '../face.ts'
import type { S3Request } from '../face.ts'

const CHECKSUM_PREFIX = 'x-amz-checksum-'
export const CHECKSUM_HEADERS: readonly (readonly [string, ChecksumAlgorithm])[] =
  CHECKSUM_ALGORITHMS.map((algorithm) => [`${CHECKSUM_PREFIX}${algorithm}`, algorithm])
const ALGORITHMS: ReadonlyMap<string, ChecksumAlgorithm> = new Map(CHECKSUM_HEADERS)
/** Names with the same prefix that carry no digest. */
const NO_DIGEST: ReadonlySet<string> = new Set([
  'x-amz-checksum-algorithm',
  'x-amz-checksum-mode',
  'x-amz-checksum-type',
])

const SINGLE = 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.'
const SDK_ALGORITHM = 'x-amz-sdk-checksum-algorithm'
export const UNKNOWN_ALGORITHM: string = `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${CHECKSUM_ALGORITHMS.join(', ').toUpperCase()}]`

/** What `x-amz-checksum-algorithm` and its like name: `CRC32C`; `null` for what is no algorithm of S3's. */
export function namedAlgorithm(name: string): ChecksumAlgorithm | null {
  return checksumAlgorithm(`${CHECKSUM_PREFIX}${name}`)
}

/** Throws `checksum-conflict` for more than one, and for another one than the client said it would send. */
export function requireOneChecksum(
  request: S3Request,
  checksums: readonly ChecksumAlgorithm[],
): void {
  requireSingle(checksums.length)
  const announced = findHeader(request.raw.headers, SDK_ALGORITHM)
  if (announced === null) return
  const algorithm = namedAlgorithm(announced)
  if (algorithm === null) {
    throw s3Refusal('checksum-conflict', { reason: UNKNOWN_ALGORITHM })
  }
  const [came] = checksums
  if (came === algorithm) return
  if (came !== undefined) {
    const reason = `Value for ${SDK_ALGORITHM} header is invalid.`
    throw s3Refusal('checksum-conflict', { reason })
  }
  // Signed into the URL, where it counts for nothing, it still is what was announced.
  if (queryValue(request, `${CHECKSUM_PREFIX}${algorithm}`) !== null) return
  const reason = `${SDK_ALGORITHM} specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.`
  throw s3Refusal('checksum-conflict', { reason })
}

/** Throws `checksum-conflict` for more than one. */
export function requireSingle(count: number): void {
  if (count > 1) throw s3Refusal('checksum-conflict', { reason: SINGLE })
}

export function checksumAlgorithm(header: string): ChecksumAlgorithm | null {
  return ALGORITHMS.get(header.toLowerCase()) ?? null
}

/**
 * Digests in headers. Those in the query of a presigned URL are signed and then ignored, as S3 does: signers put the
 * checksum of an empty body there, made before there was a body [SIGV4-QUERY].
 */
export function parseUploadDigests(request: S3Request): ExpectedDigest[] {
  const digests = parseContentMd5(request)
  const checksum = findChecksumHeader(request)
  if (checksum !== null) digests.push(checksum)
  return digests
}

/** The one digest that is always of the body itself. */
export function parseContentMd5({ raw }: S3Request): ExpectedDigest[] {
  const md5 = findHeader(raw.headers, 'content-md5')
  return md5 === null ? [] : [parseDigest('Content-MD5', 'md5', md5)]
}

/** The digest in base64; throws `digest-invalid` if it cannot be one of this algorithm. */
export function parseDigest(
  check: string,
  algorithm: ChecksumAlgorithm,
  text: string,
): ExpectedDigest {
  const value = readDigest(algorithm, text)
  if (value === null) throw s3Refusal('digest-invalid', { check })
  return { algorithm, value, check }
}

function findChecksumHeader(request: S3Request): ExpectedDigest | null {
  const { headers } = request.raw
  let found: ExpectedDigest | null = null
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    if (name.length <= CHECKSUM_PREFIX.length || !isChecksumName(name)) continue
    const header = name.toLowerCase()
    const algorithm = checksumAlgorithm(header)
    if (algorithm === null) throw s3Refusal('not-implemented', { feature: header })
    const isRepeated = found !== null || headerValues(headers, header).length > 1
    // Only one may come with a body: two readers could take two.
    if (isRepeated) throw s3Refusal('checksum-conflict', { reason: SINGLE })
    found = parseDigest(header, algorithm, headers[index + 1] ?? '')
  }
  return found
}

function isChecksumName(name: string): boolean {
  const lower = name.toLowerCase()
  return lower.startsWith(CHECKSUM_PREFIX) && !NO_DIGEST.has(lower)
}
