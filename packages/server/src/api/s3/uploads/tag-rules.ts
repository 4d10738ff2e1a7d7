/** What S3 takes as the tags of an object [S3-API], however they are written down. */
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Refusal } from '../errors/s3-refusal.ts'

export const MAX_TAGS = 10
const MAX_KEY_LENGTH = 128
const MAX_VALUE_LENGTH = 256
const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Throws `tag-invalid`. */
export function requireFewTags(count: number): void {
  if (count > MAX_TAGS) throw invalidTag(`at most ${MAX_TAGS} tags are taken`)
}

/** Throws `tag-invalid`. */
export function requireTag(key: string, value: string): void {
  if (key === '' || key.length > MAX_KEY_LENGTH || !TEXT.test(key) || /^aws:/i.test(key)) {
    throw invalidTag(
      'a key has 1 to 128 letters, digits, blanks and _.:/=+-@, and no aws: before it',
    )
  }
  if (value.length > MAX_VALUE_LENGTH || !TEXT.test(value)) {
    throw invalidTag('a value has at most 256 letters, digits, blanks and _.:/=+-@')
  }
}

export function invalidTag(reason: string): S3Refusal<'tag-invalid'> {
  return s3Refusal('tag-invalid', { reason })
}
