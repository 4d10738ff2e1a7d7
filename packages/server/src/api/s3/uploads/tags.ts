/** Tags of objects and buckets: how many there may be, and what may stand in them [S3-TAGGING]. */
import { s3Refusal } from '../errors/s3-refusal.ts'

export const MAX_OBJECT_TAGS = 10
export const MAX_BUCKET_TAGS = 50
const MAX_KEY_LENGTH = 128
const MAX_VALUE_LENGTH = 256
/** AWS's own. */
const SYSTEM_PREFIX = 'aws:'
const LEGAL = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

export type Tags = Readonly<Record<string, string>>
export type TagPair = readonly [key: string, value: string]

/** Throws `tag-invalid`. */
export function parseTags(pairs: readonly TagPair[], maxTags: number): Tags {
  if (pairs.length > maxTags) {
    const what = maxTags === MAX_BUCKET_TAGS ? 'Bucket tag count' : 'Object tags'
    throw invalid(`${what} cannot be greater than ${maxTags}`)
  }
  // Without a prototype, so that no name a client can choose means anything.
  const tags = Object.create(null) as Record<string, string>
  for (const [key, value] of pairs) {
    if (key in tags) throw invalid('Cannot provide multiple Tags with the same key')
    if (key.toLowerCase().startsWith(SYSTEM_PREFIX)) {
      throw invalid('System tags cannot be added/updated by requester')
    }
    if (key === '' || !isLegal(key, MAX_KEY_LENGTH)) {
      throw invalid('The TagKey you have provided is invalid')
    }
    if (!isLegal(value, MAX_VALUE_LENGTH)) {
      throw invalid('The TagValue you have provided is invalid')
    }
    tags[key] = value
  }
  return tags
}

function isLegal(text: string, maxLength: number): boolean {
  return text.length <= maxLength && LEGAL.test(text)
}

function invalid(reason: string): Error {
  return s3Refusal('tag-invalid', { reason })
}
