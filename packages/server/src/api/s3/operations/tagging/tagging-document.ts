/** The document in which tags come and go [S3-TAGGING]. */
import { xmlAnswer } from '../../answers/answers.ts'
import type { XmlElement } from '../../answers/xml.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Face, S3Request } from '../../face.ts'
import { childOf } from '../../uploads/parse-xml.ts'
import type { XmlNode } from '../../uploads/parse-xml.ts'
import { SMALL_DOCUMENT, requireXmlBody } from '../../uploads/read-xml-body.ts'
import { parseTags } from '../../uploads/tags.ts'
import type { TagPair, Tags } from '../../uploads/tags.ts'

/** Throws `xml-malformed`, `tags-invalid`. */
export async function readTagging(
  face: S3Face,
  request: S3Request,
  maxTags: number,
): Promise<Tags> {
  const tagging = await requireXmlBody(face, request, { ...SMALL_DOCUMENT, root: 'Tagging' })
  const set = childOf(tagging, 'TagSet')
  if (set === null) throw malformed('Tagging must have a TagSet')
  return parseTags(set.children.map(toPair), maxTags)
}

export function taggingAnswer(tags: Tags): S3Answer {
  const elements = Object.entries(tags).map(([key, value]): XmlElement => [
    'Tag',
    [
      ['Key', key],
      ['Value', value],
    ],
  ])
  return xmlAnswer('Tagging', [['TagSet', elements]])
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
