/** What a client says when it completes an upload: its parts in a document, the whole in headers [S3-API]. */
import { refusal } from '../../../core/errors.ts'
import { DIGEST_BYTES } from '../../../core/files/checksums.ts'
import { MAX_PARTS } from '../../../platform/s3-limits.ts'
import type { UploadClaims } from '../../../core/uploads/check-claims.ts'
import type { NamedPart } from '../../../core/uploads/check-parts.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import { amzHeader } from '../face.ts'
import type { S3Face, S3Request } from '../face.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import { childOf } from '../../../platform/xml.ts'
import type { XmlNode } from '../../../platform/xml.ts'
import { readXmlBody } from './read-xml-body.ts'
import { parseChecksumType } from './upload-checksum-request.ts'
import { CHECKSUM_HEADERS, namedAlgorithm, parseDigest, requireSingle } from './upload-checksums.ts'

const CHECKSUM_PREFIX = 'Checksum'
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const SIZE_HEADER = 'x-amz-mp-object-size'

const DOCUMENT = {
  root: 'CompleteMultipartUpload',
  maxBytes: 6 * 1024 * 1024,
  // A part is named by its number, its ETag and a checksum; some clients send back all that they were told.
  maxElements: MAX_PARTS * 8 + 1,
  checksumsAreOfObject: true,
} as const

/** At least one. Throws `xml-malformed`, and `field-invalid` for a number or a checksum that is none. */
export async function readNamedParts(face: S3Face, request: S3Request): Promise<NamedPart[]> {
  const root = await readXmlBody(face, request, DOCUMENT)
  const parts = (root?.children ?? []).filter(({ name }) => name === 'Part').map(toNamedPart)
  if (parts.length === 0) throw malformed('it names no part')
  if (parts.length > MAX_PARTS) throw malformed(`it names more than ${MAX_PARTS} parts`)
  return parts
}

/** Throws `upload-claim-wrong`, `digest-invalid`, `checksum-conflict`. Signers that move headers into the query have moved what they made before. */
export function parseUploadClaims(request: S3Request): UploadClaims {
  const size = amzHeader(request, SIZE_HEADER)
  if (size !== null && !/^\d{1,15}$/.test(size)) {
    throw refusal('upload-claim-wrong', { reason: `Value for ${SIZE_HEADER} header is invalid.` })
  }
  return {
    size: size === null ? null : Number(size),
    checksumType: parseChecksumType(request),
    checksum: findChecksum(request),
  }
}

function findChecksum({ raw }: S3Request): UploadClaims['checksum'] {
  const found: NonNullable<UploadClaims['checksum']>[] = []
  for (const [check, algorithm] of CHECKSUM_HEADERS) {
    const value = findHeader(raw.headers, check)
    if (value === null) continue
    parseDigest(check, algorithm, value.replace(PART_COUNT, ''))
    found.push({ algorithm, value, check })
  }
  requireSingle(found.length)
  return found[0] ?? null
}

/** Behind a checksum of checksums stands of how many. */
const PART_COUNT = /-\d{1,5}$/

function toNamedPart(node: XmlNode): NamedPart {
  const number = childOf(node, 'PartNumber')?.text.trim() ?? ''
  const etag = childOf(node, 'ETag')?.text.trim() ?? ''
  if (!/^-?\d{1,10}$/.test(number)) throw malformed('a part has no number')
  if (Number(number) < 1) {
    throw refusal('field-invalid', { field: 'PartNumber', reason: 'PartNumber must be >= 1' })
  }
  if (etag === '') throw malformed('a part has no ETag')
  return {
    number: Number(number),
    etag: etag.replaceAll(/^"|"$/g, ''),
    checksum: toChecksum(node),
  }
}

function toChecksum({ children }: XmlNode): NamedPart['checksum'] {
  const [first, ...others] = children.filter(({ name }) => name.startsWith(CHECKSUM_PREFIX))
  if (first === undefined) return null
  const algorithm = namedAlgorithm(first.name.slice(CHECKSUM_PREFIX.length))
  const value = first.text.trim()
  const isDigest =
    algorithm !== null &&
    BASE64.test(value) &&
    Buffer.from(value, 'base64').byteLength === DIGEST_BYTES[algorithm]
  if (isDigest && others.length === 0) return { algorithm, value }
  const reason = 'Invalid Base64 or multiple checksums present in request'
  throw refusal('field-invalid', { field: first.name, reason })
}

function malformed(reason: string): Error {
  return s3Refusal('xml-malformed', { reason })
}
