/** The XML that clients send, refused in the words of S3. */
import { XmlFault, parseXml as parse } from '../../../platform/xml.ts'
import type { XmlNode } from '../../../platform/xml.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'

/** The root element; throws `xml-malformed`. */
export function parseXml(text: string, maxElements: number): XmlNode {
  try {
    return parse(text, maxElements)
  } catch (error) {
    if (error instanceof XmlFault)
      throw s3Refusal('xml-malformed', { reason: error.message }, error)
    throw error
  }
}
