/** The document in which tags come, as a body or as the field of a form [S3-TAGGING]. */
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Face, S3Request } from '../face.ts'
import { childOf } from '../../../platform/xml.ts'
import { parseXml } from './parse-xml.ts'
import type { XmlNode } from '../../../platform/xml.ts'
import { SMALL_DOCUMENT, requireXmlBody } from './read-xml-body.ts'
import { MAX_OBJECT_TAGS, parseTags } from './tags.ts'
import type { TagPair, Tags } from './tags.ts'

const ROOT = 'Tagging'

/** Throws what `requireXmlBody` throws, and `tag-invalid`. */
export async function readTagging(
  face: S3Face,
  request: S3Request,
  maxTags: number,
): Promise<Tags> {
  const root = await requireXmlBody(face, request, { ...SMALL_DOCUMENT, root: ROOT })
  return toTags(root, maxTags)
}

/** Of the field `tagging` of a form; none if it is not there. Throws `xml-malformed`, `tag-invalid`. */
export function parseFormTagging(text: string | undefined): Tags {
  if (text === undefined || text === '') return {}
  const root = parseXml(text, SMALL_DOCUMENT.maxElements)
  if (root.name !== ROOT) throw malformed(`the root element must be ${ROOT}`)
  return toTags(root, MAX_OBJECT_TAGS)
}

function toTags(tagging: XmlNode, maxTags: number): Tags {
  const set = childOf(tagging, 'TagSet')
  if (set === null) throw malformed('Tagging must have a TagSet')
  return toTagSet(set, maxTags)
}

/** Of an element that holds a `Tag` for each. Throws `xml-malformed`, `tag-invalid`. */
export function toTagSet(set: XmlNode, maxTags: number): Tags {
  return parseTags(set.children.map(toPair), maxTags)
}

function toPair(tag: XmlNode): TagPair {
  const key = childOf(tag, 'Key')
  const value = childOf(tag, 'Value')
  if (tag.name === 'Tag' && key !== null && value !== null) return [key.text, value.text]
  throw malformed('a TagSet holds Tags, each with a Key and a Value')
}

function malformed(reason: string): Error {
  return s3Refusal('xml-malformed', { reason })
}
