/**
 * What a PUT says about its file: type, headers to be given back, metadata. All of it is checked here, when it is written,
 * so that no later GET can break on it.
 */
import type { StoredHeaders } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import { collectMetadata, isMetadata } from '../../../core/files/metadata.ts'
import type { Metadata } from '../../../core/files/metadata.ts'
import { decodeHeaderValue, isHeaderName, isHeaderValue } from '../../../http/header-value.ts'
import { findHeader, joinedHeader } from '../../../http/raw-headers.ts'
import type { S3Request } from '../face.ts'

/** What S3 calls a body whose client did not say what it is. */
export const DEFAULT_TYPE = 'binary/octet-stream'

const STORED_HEADERS: readonly (readonly [string, keyof StoredHeaders])[] = [
  ['cache-control', 'cacheControl'],
  ['content-disposition', 'contentDisposition'],
  ['content-language', 'contentLanguage'],
  ['expires', 'expires'],
]

/** `null` if the client named none. */
export function parseContentType(request: S3Request): string | null {
  const type = findHeader(request.raw.headers, 'content-type')
  return type === null || type === '' ? null : readHeaderValue('Content-Type', type)
}

export function parseStoredHeaders(request: S3Request): StoredHeaders {
  const stored: { -readonly [Name in keyof StoredHeaders]: StoredHeaders[Name] } = {}
  for (const [name, field] of STORED_HEADERS) {
    const value = joinedHeader(request.raw.headers, name)
    if (value === null || value === '') continue
    stored[field] = readHeaderValue(name, value)
  }
  const encoding = parseContentEncoding(request)
  if (encoding !== null) stored.contentEncoding = encoding
  return stored
}

/** `aws-chunked` is how the body travelled, not what it is: it is taken off wherever it stands [SIGV4-STREAMING]. */
function parseContentEncoding(request: S3Request): string | null {
  const received = joinedHeader(request.raw.headers, 'content-encoding')
  if (received === null || received === '') return null
  const value = readHeaderValue('content-encoding', received)
  if (!/aws-chunked/i.test(value)) return value
  const codings = value.split(',').map((coding) => coding.trim())
  const kept = codings.filter((coding) => coding !== '' && coding.toLowerCase() !== 'aws-chunked')
  return kept.length === 0 ? null : kept.join(', ')
}

/** `x-amz-meta-*` from headers, and from the signed query where signers move them. */
export function parseMetadata(request: S3Request): Metadata {
  return collectMetadata(metadataOf(request))
}

function* metadataOf(request: S3Request): Generator<readonly [string, string]> {
  const { headers } = request.raw
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? ''
    if (!isMetadata(name)) continue
    // The fields of a form come along as headers, under any name.
    requireHeaderName(name)
    yield [name, readHeaderValue(name, headers[index + 1] ?? '')]
  }
  for (const [name, value] of request.query) {
    if (!isMetadata(name) || hasHeader(request, name)) continue
    requireHeaderName(name)
    requireHeaderValue(name, value)
    yield [name, value]
  }
}

function requireHeaderName(name: string): void {
  if (!isHeaderName(name)) throw invalid(name, 'it cannot be a header name')
}

function hasHeader(request: S3Request, name: string): boolean {
  return findHeader(request.raw.headers, name.toLowerCase()) !== null
}

/** Headers under our own prefix say what the server found out about a file; a client has no say in that. */
export function refuseReservedHeaders(request: S3Request): void {
  const { headers } = request.raw
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    if (name.length > 10 && name.toLowerCase().startsWith('x-hallpass-')) throw reserved(name)
  }
}

/** The text of a header that came; throws `field-invalid` for bytes that are not UTF-8. */
function readHeaderValue(field: string, received: string): string {
  const value = decodeHeaderValue(received)
  if (value === null) throw invalid(field, 'it is not UTF-8')
  requireHeaderValue(field, value)
  return value
}

function requireHeaderValue(field: string, value: string): void {
  if (!isHeaderValue(value)) throw invalid(field, 'it holds characters that no header can')
}

function reserved(field: string): DomainError<'field-invalid'> {
  return invalid(field, 'the name is reserved for the server')
}

function invalid(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}
