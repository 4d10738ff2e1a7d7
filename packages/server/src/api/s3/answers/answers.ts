/** The answers that carry no file. */
import type { S3Answer } from '../face.ts'
import { formatXmlDocument } from './xml.ts'
import type { XmlElement } from './xml.ts'

export function emptyAnswer(status: number, headers: string[] = []): S3Answer {
  if (status !== 204) headers.push('Content-Length', '0')
  return { status, headers, body: null }
}

/** `further` headers come besides those that every document has. */
export function xmlAnswer(
  root: string,
  children: readonly XmlElement[],
  further: readonly string[] = [],
): S3Answer {
  const body = Buffer.from(formatXmlDocument(root, children))
  const headers = [
    'Content-Type',
    'application/xml',
    'Content-Length',
    String(body.byteLength),
    'X-Content-Type-Options',
    'nosniff',
    'Cache-Control',
    'private, no-store',
    ...further,
  ]
  return { status: 200, headers, body }
}
