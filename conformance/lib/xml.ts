/** Reads the XML of S3's answers. */
import { XMLParser } from 'fast-xml-parser'

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => ['Contents', 'CommonPrefixes', 'Bucket'].includes(name),
})

export function parseXml(text: string): Record<string, unknown> {
  return parser.parse(text) as Record<string, unknown>
}
