/** `x-amz-tagging`: tags, written as a query writes its parameters [S3-TAGGING]. */
import { refusal } from '../../../core/errors.ts'
import { amzHeader } from '../face.ts'
import type { S3Request } from '../face.ts'
import { MAX_OBJECT_TAGS, parseTags } from './tags.ts'
import type { TagPair, Tags } from './tags.ts'

export const TAGGING_HEADER = 'x-amz-tagging'

/** `{}` if there is none. Throws `field-invalid`, `tag-invalid`. */
export function parseTaggingHeader(request: S3Request): Tags {
  const header = amzHeader(request, TAGGING_HEADER) ?? ''
  const pairs = header.split('&').filter((pair) => pair !== '')
  const tags = pairs.map(decodePair)
  if (new Set(tags.map(([key]) => key)).size < tags.length) throw malformed()
  return parseTags(tags, MAX_OBJECT_TAGS)
}

function decodePair(pair: string): TagPair {
  const equals = pair.indexOf('=')
  if (equals === -1) return [decode(pair), '']
  return [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
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
  return refusal('field-invalid', { field: TAGGING_HEADER, reason }, cause)
}
