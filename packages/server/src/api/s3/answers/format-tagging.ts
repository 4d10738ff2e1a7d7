/** The document in which tags go [S3-TAGGING]. */
import type { S3Answer } from '../face.ts'
import { xmlAnswer } from './answers.ts'
import type { XmlElement } from './xml.ts'

export function taggingAnswer(tags: Readonly<Record<string, string>>): S3Answer {
  const elements = Object.entries(tags).map(([key, value]): XmlElement => [
    'Tag',
    [
      ['Key', key],
      ['Value', value],
    ],
  ])
  return xmlAnswer('Tagging', [['TagSet', elements]])
}
