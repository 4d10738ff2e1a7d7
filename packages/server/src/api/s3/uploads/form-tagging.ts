/** The `tagging` field of a form: the tags of the object, as S3 writes them in XML [S3-POST-FORMS]. */
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Refusal } from '../errors/s3-refusal.ts'
import { childOf, parseXml } from './parse-xml.ts'

const MAX_TAGS = 10
const MAX_KEY_LENGTH = 128
const MAX_VALUE_LENGTH = 256
/** Room for one tag more than there may be, so that its refusal says so. */
const MAX_ELEMENTS = 2 + 3 * (MAX_TAGS + 1)
const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Throws `xml-malformed`, `tag-invalid`. */
export function parseFormTagging(text: string | undefined): Record<string, string> {
  // Without a prototype, so that no name a client can choose means anything.
  const tags = Object.create(null) as Record<string, string>
  if (text === undefined || text === '') return tags
  const root = parseXml(text, MAX_ELEMENTS)
  const set = childOf(root, 'TagSet')
  if (root.name !== 'Tagging' || set === null) {
    throw s3Refusal('xml-malformed', { reason: 'the root element must be Tagging, with a TagSet' })
  }
  if (set.children.length > MAX_TAGS) throw invalid(`at most ${MAX_TAGS} tags are taken`)
  for (const tag of set.children) {
    const key = childOf(tag, 'Key')?.text
    const value = childOf(tag, 'Value')?.text
    if (tag.name !== 'Tag' || key === undefined || value === undefined) {
      throw s3Refusal('xml-malformed', { reason: 'a tag needs a Key and a Value' })
    }
    checkTag(key, value)
    if (key in tags) throw invalid('a key is there twice')
    tags[key] = value
  }
  return tags
}

function checkTag(key: string, value: string): void {
  if (key === '' || key.length > MAX_KEY_LENGTH || !TEXT.test(key) || /^aws:/i.test(key)) {
    throw invalid('a key has 1 to 128 letters, digits, blanks and _.:/=+-@, and no aws: before it')
  }
  if (value.length > MAX_VALUE_LENGTH || !TEXT.test(value)) {
    throw invalid('a value has at most 256 letters, digits, blanks and _.:/=+-@')
  }
}

function invalid(reason: string): S3Refusal<'tag-invalid'> {
  return s3Refusal('tag-invalid', { reason })
}
