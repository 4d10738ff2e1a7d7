/** Reads the conditional request headers [RFC9110 13.1]. ETags come out without quotes, times in milliseconds. */
import { parseHttpDate } from './http-date.ts'
import { joinedHeader } from './raw-headers.ts'
import type { RawHeaders } from './raw-headers.ts'

export type EtagList = '*' | readonly string[]

export interface RequestConditions {
  ifMatch?: EtagList
  ifNoneMatch?: EtagList
  ifModifiedSince?: number
  ifUnmodifiedSince?: number
  ifRange?: { readonly etag: string } | { readonly modifiedAt: number }
}

const NO_CONDITIONS: RequestConditions = Object.freeze({})

/** Dates that are none are ignored, as the specification demands [RFC9110 13.1.3]. */
export function parseConditions(headers: RawHeaders): RequestConditions {
  if (!hasCondition(headers)) return NO_CONDITIONS
  const conditions: RequestConditions = {}
  const ifMatch = joinedHeader(headers, 'if-match')
  // If-Match compares strongly, so a weak tag can never match [RFC9110 13.1.1].
  if (ifMatch !== null) conditions.ifMatch = parseEtags(ifMatch, 'strong')
  const ifNoneMatch = joinedHeader(headers, 'if-none-match')
  if (ifNoneMatch !== null) conditions.ifNoneMatch = parseEtags(ifNoneMatch, 'weak')
  const modifiedSince = parseDate(headers, 'if-modified-since')
  if (modifiedSince !== null) conditions.ifModifiedSince = modifiedSince
  const unmodifiedSince = parseDate(headers, 'if-unmodified-since')
  if (unmodifiedSince !== null) conditions.ifUnmodifiedSince = unmodifiedSince
  const ifRange = joinedHeader(headers, 'if-range')
  if (ifRange !== null) conditions.ifRange = parseIfRange(ifRange)
  return conditions
}

function hasCondition(headers: RawHeaders): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? ''
    const first = name.charCodeAt(0) | 32
    if (first === 0x69 && name.charCodeAt(2) === 0x2d) return true
  }
  return false
}

function parseDate(headers: RawHeaders, name: string): number | null {
  const text = joinedHeader(headers, name)
  return text === null ? null : parseHttpDate(text.trim())
}

const ETAG = /(W\/)?(?:"([^"]*)"|([^\s",]+))/g

/** S3 clients also send tags without quotes. */
export function parseEtags(header: string, comparison: 'strong' | 'weak'): EtagList {
  if (header.trim() === '*') return '*'
  const tags: string[] = []
  for (const [, weak, quoted, bare] of header.matchAll(ETAG)) {
    if (weak === undefined || comparison === 'weak') tags.push(quoted ?? bare ?? '')
  }
  return tags
}

/** A weak tag must not match here [RFC9110 13.1.5]: the empty tag is no file's. */
function parseIfRange(header: string): { etag: string } | { modifiedAt: number } {
  const modifiedAt = parseHttpDate(header.trim())
  if (modifiedAt !== null) return { modifiedAt }
  const tags = parseEtags(header, 'strong')
  return { etag: tags !== '*' && tags.length === 1 ? (tags[0] ?? '') : '' }
}
