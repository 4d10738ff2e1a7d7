/** The `tagging` field of a form: the tags of the object, as S3 writes them in XML [S3-POST-FORMS]. */
import { s3Refusal } from '../errors/s3-refusal.ts'
import { childOf, parseXml } from './parse-xml.ts'
import { invalidTag, MAX_TAGS, requireFewTags, requireTag } from './tag-rules.ts'

/** Room for one tag more than there may be, so that its refusal says so. */
const MAX_ELEMENTS = 2 + 3 * (MAX_TAGS + 1)

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
  requireFewTags(set.children.length)
  for (const tag of set.children) {
    const key = childOf(tag, 'Key')?.text
    const value = childOf(tag, 'Value')?.text
    if (tag.name !== 'Tag' || key === undefined || value === undefined) {
      throw s3Refusal('xml-malformed', { reason: 'a tag needs a Key and a Value' })
    }
    requireTag(key, value)
    if (key in tags) throw invalidTag('a key is there twice')
    tags[key] = value
  }
  return tags
}
