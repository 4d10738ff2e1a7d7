/** The headers of a file's answer: what was stored, what the signer chose, and what keeps strangers' bytes harmless. */
import { responseContentDisposition } from '@hallpass/signing/encoding'
import type { FileRecord } from '../../../catalog/records.ts'
import {
  formatMediaType,
  isMediaTypeAllowed,
  parseMediaType,
} from '../../../core/files/media-type.ts'
import type { MediaType } from '../../../core/files/media-type.ts'
import type { OpenedFile } from '../../../core/files/open-file.ts'
import { withoutDirectionMarks } from '../../../core/content-disposition.ts'
import { isLink } from '../../../core/identity.ts'
import type { Caller } from '../../../core/identity.ts'
import { encodeHeaderValue, isHeaderName, isHeaderValue } from '../../../http/header-value.ts'
import { formatHttpDate, parseHttpDate } from '../../../http/http-date.ts'
import { PUBLIC_MAX_AGE_SECONDS, formatCacheControl } from './cache-control.ts'
import { asAttachment, isAttachment } from './attachment.ts'
import { isInertType } from '../../../core/files/inert-types.ts'
import type { ResponseOverrides } from './response-overrides.ts'

export interface ObjectHead {
  readonly file: FileRecord
  readonly range: OpenedFile['range']
  readonly overrides: ResponseOverrides
  readonly caller: Caller
  /** The link has a number of uses. */
  readonly isCounted: boolean
  /** Of the inert types, those that may be shown in place here; `null` for all of them. */
  readonly inlineTypes: readonly string[] | null
  readonly nowMs: number
  /** Milliseconds: when the link ends that it is read with; nothing for whoever has none. */
  readonly endsAt: number | null
}

/** Of what is no media type, and could be read as two: bytes to be saved. */
const OPAQUE = 'application/octet-stream'

/** Names and values in turn. */
export function formatObjectHeaders(head: ObjectHead): string[] {
  const { file, range, overrides } = head
  const stored = overrides.contentType ?? file.contentType
  const type = parseMediaType(stored)
  const length = range === null ? file.size : range.end - range.start + 1
  const headers = [
    // Before the length: node:http decodes a Content-Disposition that comes after it, and then cannot send it.
    'Content-Disposition',
    encodeHeaderValue(chooseDisposition(head, type)),
    'Content-Type',
    encodeHeaderValue(chooseType(stored, type)),
    'Content-Length',
    String(length),
    'ETag',
    `"${file.etag}"`,
    'Last-Modified',
    formatHttpDate(file.modifiedAt),
    'Accept-Ranges',
    'bytes',
    'X-Content-Type-Options',
    'nosniff',
    'Content-Security-Policy',
    "sandbox; default-src 'none'",
    'Referrer-Policy',
    'no-referrer',
  ]
  if (range !== null && range.end >= range.start) {
    headers.push('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`)
  }
  pushCaching(headers, head)
  pushStored(headers, 'Content-Encoding', overrides.contentEncoding ?? file.headers.contentEncoding)
  pushStored(headers, 'Content-Language', overrides.contentLanguage ?? file.headers.contentLanguage)
  for (const name in file.metadata) {
    pushMetadata(headers, name, file.metadata[name] ?? '')
  }
  return headers
}

/** What may be shown in place is named in the one spelling that was judged; what is saved, as it was stored. */
function chooseType(stored: string, type: MediaType | null): string {
  if (type === null) return OPAQUE
  return isInertType(type) ? formatMediaType(type) : stored
}

/** A value that some older or foreign writer stored and that cannot be sent is left out, so that the file stays readable. */
function pushStored(headers: string[], name: string, value: string | undefined): void {
  if (value === undefined || value === '' || !isHeaderValue(value)) return
  headers.push(name, encodeHeaderValue(value))
}

/** Empty values say something too. */
function pushMetadata(headers: string[], name: string, value: string): void {
  if (isHeaderName(name) && isHeaderValue(value))
    headers.push(`x-amz-meta-${name}`, encodeHeaderValue(value))
}

function chooseDisposition(
  { file, overrides, inlineTypes }: ObjectHead,
  type: MediaType | null,
): string {
  const chosen = overrides.contentDisposition ?? file.headers.contentDisposition
  const asked = chosen === undefined ? undefined : withoutDirectionMarks(chosen)
  const isInert = type !== null && isInertType(type) && isShown(type, inlineTypes)
  if (asked === undefined || asked === '' || !isHeaderValue(asked)) {
    return nameDownload(isInert ? 'inline' : 'attachment', file.key)
  }
  return isInert || isAttachment(asked) ? asked : asAttachment(asked)
}

function isShown(type: MediaType, inlineTypes: readonly string[] | null): boolean {
  return inlineTypes === null || isMediaTypeAllowed(type, inlineTypes)
}

const PLAIN_NAME = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9_-][a-z0-9_.-]{0,99}$/i

/** The last segment of the key, which for most files needs no more than quotes. */
function nameDownload(type: 'attachment' | 'inline', key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1)
  return PLAIN_NAME.test(name)
    ? `${type}; filename="${name}"`
    : responseContentDisposition(name, type)
}

function pushCaching(headers: string[], head: ObjectHead): void {
  const { file, overrides, caller, isCounted, nowMs, endsAt } = head
  const cacheControl = overrides.cacheControl ?? file.headers.cacheControl ?? null
  const expires = overrides.expires ?? file.headers.expires
  if (!isLink(caller) && caller.kind === 'anonymous') {
    headers.push(
      'Cache-Control',
      formatCacheControl('public', cacheControl, PUBLIC_MAX_AGE_SECONDS),
    )
    return
  }
  headers.push('X-Robots-Tag', 'noindex, nofollow, noarchive')
  if (isCounted) {
    // What a cache kept could be opened once more than was granted.
    headers.push('Cache-Control', 'private, no-store')
    return
  }
  if (endsAt !== null) {
    const leftSeconds = Math.floor((endsAt - nowMs) / 1000)
    headers.push('Cache-Control', formatCacheControl('private', cacheControl, leftSeconds))
    // `max-age` wins over `Expires` [RFC9111 5.3]; one that outlives the link is not repeated all the same.
    const expiresMs = expires === undefined ? null : parseHttpDate(expires)
    if (expiresMs !== null && expiresMs <= endsAt) pushStored(headers, 'Expires', expires)
    return
  }
  // The owner's own client: it may ask for what it stored, and keeps nothing unless that says so.
  headers.push('Cache-Control', formatOwnCacheControl(cacheControl))
  pushStored(headers, 'Expires', expires)
}

/** Caches need count no further [RFC9111 1.2.2]. */
const LONGEST_AGE_SECONDS: number = 2 ** 31

function formatOwnCacheControl(stored: string | null): string {
  return stored === null
    ? 'private, no-store'
    : formatCacheControl('private', stored, LONGEST_AGE_SECONDS)
}
