/** Conditional writes [RFC9110 13.1]: only what can be checked inside the very step that makes the file exist. */
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Refusal } from '../errors/s3-refusal.ts'
import { parseEtags } from '../../../http/conditions.ts'
import { joinedHeader } from '../../../http/raw-headers.ts'
import type { S3Request } from '../face.ts'

export interface UploadConditions {
  readonly ifAbsent?: boolean
  readonly ifEtag?: string
}

export function parseUploadConditions(request: S3Request): UploadConditions {
  const ifNoneMatch = joinedHeader(request.raw.headers, 'if-none-match')
  const ifMatch = joinedHeader(request.raw.headers, 'if-match')
  if (ifNoneMatch !== null && ifMatch !== null) throw unsupported('If-Match with If-None-Match')
  if (ifNoneMatch !== null) {
    if (ifNoneMatch.trim() !== '*') throw unsupported('If-None-Match other than *')
    return { ifAbsent: true }
  }
  if (ifMatch === null) return {}
  const tags = parseEtags(ifMatch, 'strong')
  const [tag] = tags
  if (tags === '*' || tag === undefined || tags.length > 1)
    throw unsupported('If-Match other than one tag')
  return { ifEtag: tag }
}

function unsupported(feature: string): S3Refusal<'not-implemented'> {
  return s3Refusal('not-implemented', { feature })
}
