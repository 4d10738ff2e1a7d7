/** Keys in the XML of S3. */
import type { XmlNode } from '../../platform/xml.ts'
import { textOf } from '../send/xml-answer.ts'

/** Keys come encoded if the answer says so: XML has no way to spell some characters. */
export function createDecoder(root: XmlNode): (text: string) => string {
  if (textOf(root, 'EncodingType') !== 'url') return (text) => text
  return (text) => {
    try {
      return decodeURIComponent(text.replaceAll('+', ' '))
    } catch {
      return text
    }
  }
}
