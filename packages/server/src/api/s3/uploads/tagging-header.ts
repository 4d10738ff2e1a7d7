/** `x-amz-tagging`: tags as a query string writes them [S3-API]. */
import { refusal } from '../../../core/errors.ts'
import { amzHeader } from '../face.ts'
import type { S3Request } from '../face.ts'
import { requireFewTags, requireTag } from './tag-rules.ts'

const HEADER = 'x-amz-tagging'

/** `{}` if there is none. Throws `field-invalid`, `tag-invalid`. */
export function parseTaggingHeader(request: S3Request): Readonly<Record<string, string>> {
  const header = amzHeader(request, HEADER)
  // Without a prototype, so that no name a client can choose means anything.
  const tags = Object.create(null) as Record<string, string>
  if (header === null || header === '') return tags
  const pairs = header.split('&')
  requireFewTags(pairs.length)
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const key = decode(equals === -1 ? pair : pair.slice(0, equals))
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1))
    if (key in tags) throw malformed()
    requireTag(key, value)
    tags[key] = value
  }
  return tags
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (error) {
    throw malformed(error)
  }
}

function malformed(cause?: unknown): Error {
  const reason =
    'The header shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates'
  return refusal('field-invalid', { field: HEADER, reason }, cause)
}
