/** What the headers of an upload say of its file: what is stored with it, what must be so of the one that it replaces. */
import { Type } from 'typebox'
import type { StoredHeaders } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import { collectMetadata, isMetadata } from '../../../core/files/metadata.ts'
import type { Metadata } from '../../../core/files/metadata.ts'
import type { WritePreconditions } from '../../../core/files/write-file.ts'
import { parseEtags } from '../../../http/conditions.ts'
import { decodeHeaderValue, isHeaderValue } from '../../../http/header-value.ts'
import { findHeader, joinedHeader } from '../../../http/raw-headers.ts'
import type { RawHeaders } from '../../../http/raw-headers.ts'
import { DIGEST_HEADERS } from './announced-digests.ts'

const Etag = Type.Optional(Type.String({ description: '`*`, or one ETag in quotes.' }))

/** What {@link readPreconditions} reads, for the document. */
export const ConditionHeaders = Type.Object({ 'If-Match': Etag, 'If-None-Match': Etag })

const STORED = {
  'cache-control': 'cacheControl',
  'content-disposition': 'contentDisposition',
  'content-encoding': 'contentEncoding',
  'content-language': 'contentLanguage',
  expires: 'expires',
} as const satisfies Record<string, keyof StoredHeaders>

export function readStoredHeaders(headers: RawHeaders): StoredHeaders {
  const stored: { -readonly [Name in keyof StoredHeaders]: StoredHeaders[Name] } = {}
  for (const [name, property] of Object.entries(STORED)) {
    const value = joinedHeader(headers, name)
    if (value !== null && value !== '') stored[property] = readText(name, value)
  }
  return stored
}

/** `null` if the client named none. */
export function readContentType(headers: RawHeaders): string | null {
  const type = findHeader(headers, 'content-type')
  return type === null ? null : readText('content-type', type)
}

/** `x-amz-meta-*`, as S3 clients send it. */
export function readMetadata(headers: RawHeaders): Metadata {
  return collectMetadata(
    namesAndValues(headers)
      .filter(([name]) => isMetadata(name))
      .map(([name, value]) => [name, readText(name, value)]),
  )
}

/** Of S3's headers those that would be kept, or change what is kept; others of the prefix proxies put there for themselves. */
const ONLY_S3 =
  /^x-amz-(?:acl|checksum-.+|grant-.+|object-lock-.+|server-side-encryption.*|storage-class|tagging|website-redirect-location)$/

/** Throws `field-invalid` for what S3 has and these uploads have not: a client that sends it counts on it. */
export function refuseUnknownHeaders(headers: RawHeaders): void {
  for (const [name] of namesAndValues(headers)) {
    const header = name.toLowerCase()
    if (!ONLY_S3.test(header) || DIGEST_HEADERS.includes(header)) continue
    throw invalid(header, 'it is not known here; the S3 API may have it')
  }
}

/** One ETag or `*`, in either header and not in both [RFC9110 13.1]. */
export function readPreconditions(headers: RawHeaders): WritePreconditions {
  const ifNoneMatch = readTag(headers, 'If-None-Match')
  const ifMatch = readTag(headers, 'If-Match')
  if (ifNoneMatch !== null && ifMatch !== null) {
    throw invalid('If-Match', 'it comes with If-None-Match, and only one of them can be meant')
  }
  if (ifMatch !== null) return { ifEtag: ifMatch }
  if (ifNoneMatch === null) return {}
  return ifNoneMatch === '*' ? { ifAbsent: true } : { ifNotEtag: ifNoneMatch }
}

function readTag(headers: RawHeaders, field: string): string | null {
  const text = joinedHeader(headers, field.toLowerCase())
  if (text === null) return null
  const tags = parseEtags(text, 'strong')
  if (tags === '*') return tags
  const [tag] = tags
  if (tag !== undefined && tags.length === 1 && /^\s*"[^"]*"\s*$/.test(text)) return tag
  throw invalid(field, 'it takes * or one strong ETag in quotes')
}

function namesAndValues(headers: RawHeaders): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = []
  for (let index = 0; index + 1 < headers.length; index += 2) {
    pairs.push([headers[index] ?? '', headers[index + 1] ?? ''])
  }
  return pairs
}

function readText(field: string, received: string): string {
  const value = decodeHeaderValue(received)
  if (value !== null && isHeaderValue(value)) return value
  throw invalid(field, 'it is not UTF-8, or holds characters that no header can')
}

function invalid(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}
