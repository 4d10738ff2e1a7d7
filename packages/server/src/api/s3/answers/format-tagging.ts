/** The document in which tags go [S3-TAGGING], by their names: a set has no order of its own. */
import type { S3Answer } from '../face.ts'
import { xmlAnswer } from './answers.ts'
import type { XmlElement } from './xml.ts'

export function taggingAnswer(tags: Readonly<Record<string, string>>): S3Answer {
  const keys = Object.keys(tags).toSorted()
  const elements = keys.map((key): XmlElement => [
    'Tag',
    [
      ['Key', key],
      ['Value', tags[key] ?? ''],
    ],
  ])
  return xmlAnswer('Tagging', [['TagSet', elements]])
}
