/** Where `x-amz-copy-source` leads, its conditions and its range [S3-API]. One canonicaliser reads the path, as it does every other. */
import { isDomainError, refusal } from '../../../core/errors.ts'
import type { CopySource } from '../../../core/files/find-source.ts'
import type { ReadConditions } from '../../../core/files/read-conditions.ts'
import type { CopyPartRequest } from '../../../core/uploads/copy-part.ts'
import { parseRawObjectPath } from '../../../core/paths.ts'
import type { ObjectPath } from '../../../core/paths.ts'
import { parseEtags } from '../../../http/conditions.ts'
import { parseHttpDate } from '../../../http/http-date.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import { amzHeader, queryValue } from '../face.ts'
import type { S3Request } from '../face.ts'
import { requireVersionId } from '../operations/versioning/version-id.ts'

const HEADER = 'x-amz-copy-source'
const RANGE_HEADER = 'x-amz-copy-source-range'
const VERSION_MARK = '?versionId='
const RANGE = /^bytes=(\d{1,15})-(\d{1,15})$/

/** What of a copy a request may ask for with the headers of its source. */
export const COPY_SOURCE_HEADERS: readonly string[] = [
  HEADER,
  RANGE_HEADER,
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-none-match',
  'x-amz-copy-source-if-modified-since',
  'x-amz-copy-source-if-unmodified-since',
]

export interface RequestedSource extends CopySource {
  readonly path: ObjectPath
}

/** Throws `field-invalid` for whatever cannot be the path of an object. */
export function parseCopySource(request: S3Request): RequestedSource {
  const text = readHeader(request)
  // The version stands behind the path unescaped; escaped it is part of the key.
  const mark = text.lastIndexOf(VERSION_MARK)
  const rawPath = mark === -1 ? text : text.slice(0, mark)
  const version = mark === -1 ? null : text.slice(mark + VERSION_MARK.length)
  const path = parsePath(rawPath)
  const versionId = requireVersionId(version, HEADER)
  return { path, versionId, conditions: parseConditions(request) }
}

/** Both ends inclusive; `null` if none is asked for. */
export function parseCopyRange(request: S3Request): CopyPartRequest['range'] {
  const text = amzHeader(request, RANGE_HEADER)
  if (text === null) return null
  const [, first, last] = RANGE.exec(text) ?? []
  const range = { start: Number(first), end: Number(last) }
  if (first !== undefined && range.start <= range.end) return range
  const reason =
    'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy'
  throw refusal('field-invalid', { field: RANGE_HEADER, reason })
}

/** Bytes that some clients leave unescaped come as one character each. */
function readHeader(request: S3Request): string {
  const header = findHeader(request.raw.headers, HEADER)
  if (header === null) return queryValue(request, HEADER) ?? ''
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'))
  } catch (error) {
    throw invalid('it is not UTF-8', error)
  }
}

function parsePath(rawPath: string): ObjectPath {
  try {
    const path = parseRawObjectPath(rawPath.startsWith('/') ? rawPath : `/${rawPath}`)
    if (path.key !== '') return path
  } catch (error) {
    if (!isDomainError(error)) throw error
    throw invalid(error.message.replace(/\.$/, ''), error)
  }
  throw invalid('Copy Source must mention the source bucket and key: sourcebucket/sourcekey')
}

function parseConditions(request: S3Request): ReadConditions {
  const ifMatch = amzHeader(request, 'x-amz-copy-source-if-match')
  const ifNoneMatch = amzHeader(request, 'x-amz-copy-source-if-none-match')
  const ifModifiedSince = dateOf(request, 'x-amz-copy-source-if-modified-since')
  const ifUnmodifiedSince = dateOf(request, 'x-amz-copy-source-if-unmodified-since')
  return {
    ...(ifMatch !== null && { ifMatch: parseEtags(ifMatch, 'strong') }),
    ...(ifNoneMatch !== null && { ifNoneMatch: parseEtags(ifNoneMatch, 'weak') }),
    ...(ifModifiedSince !== null && { ifModifiedSince }),
    ...(ifUnmodifiedSince !== null && { ifUnmodifiedSince }),
  }
}

/** Dates that are none are ignored, as they are in conditional reads. */
function dateOf(request: S3Request, name: string): number | null {
  const text = amzHeader(request, name)
  return text === null ? null : parseHttpDate(text.trim())
}

function invalid(reason: string, cause?: unknown): Error {
  return refusal('field-invalid', { field: HEADER, reason }, cause)
}
