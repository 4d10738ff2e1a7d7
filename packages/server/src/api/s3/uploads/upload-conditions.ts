/** Conditional writes [RFC9110 13.1]: only what can be checked inside the very step that changes the file. */
import { refusal } from '../../../core/errors.ts'
import { parseEtags } from '../../../http/conditions.ts'
import { parseHttpDate } from '../../../http/http-date.ts'
import { joinedHeader } from '../../../http/raw-headers.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import { amzHeader } from '../face.ts'
import type { S3Request } from '../face.ts'

export interface UploadConditions {
  readonly ifAbsent?: boolean
  readonly ifEtag?: string
  readonly ifNotEtag?: string
}

export interface DeleteConditions extends UploadConditions {
  readonly ifSize?: number
  readonly ifModifiedAt?: number
}

const SIZE_HEADER = 'x-amz-if-match-size'
const TIME_HEADER = 'x-amz-if-match-last-modified-time'

/** Throws `not-implemented` for lists of tags, and for both conditions at once. */
export function parseUploadConditions(request: S3Request): UploadConditions {
  const ifNoneMatch = joinedHeader(request.raw.headers, 'if-none-match')
  const ifMatch = joinedHeader(request.raw.headers, 'if-match')
  if (ifNoneMatch !== null && ifMatch !== null) throw unsupported('If-Match with If-None-Match')
  if (ifNoneMatch !== null) {
    const tag = parseTag(ifNoneMatch, 'If-None-Match')
    return tag === '*' ? { ifAbsent: true } : { ifNotEtag: tag }
  }
  return ifMatch === null ? {} : { ifEtag: parseTag(ifMatch, 'If-Match') }
}

/** What a delete may ask for besides: the size and the time of what is deleted. */
export function parseDeleteConditions(request: S3Request): DeleteConditions {
  const size = amzHeader(request, SIZE_HEADER)
  const time = amzHeader(request, TIME_HEADER)
  return {
    ...parseUploadConditions(request),
    ...(size !== null && { ifSize: parseSize(size) }),
    ...(time !== null && { ifModifiedAt: parseTime(time) }),
  }
}

function parseTag(header: string, name: string): string {
  const tags = parseEtags(header, 'strong')
  if (tags === '*') return tags
  const [tag] = tags
  if (tag === undefined || tags.length > 1) throw unsupported(`${name} other than * or one tag`)
  return tag
}

function parseSize(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw refusal('field-invalid', { field: SIZE_HEADER, reason: 'it must be a number of bytes' })
}

/** As HTTP writes dates, or as ISO 8601 does. */
function parseTime(text: string): number {
  const ms = parseHttpDate(text) ?? Date.parse(text)
  if (Number.isFinite(ms)) return ms
  throw refusal('field-invalid', { field: TIME_HEADER, reason: 'it must be a date' })
}

function unsupported(feature: string): Error {
  return s3Refusal('not-implemented', { feature })
}
