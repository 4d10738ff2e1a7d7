/**
 * Reads an XML body, whole and bounded, and proves it: every digest that was announced or signed is compared before anybody looks at
 * what the document says.
 */
import { measureBody, requireDigests } from '../../../core/files/checked-body.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Face, S3Request } from '../face.ts'
import { parseXml } from './parse-xml.ts'
import type { XmlNode } from './parse-xml.ts'
import { openDescribingBody, openUploadBody } from './upload-body.ts'

export interface XmlLimits {
  readonly root: string
  readonly maxBytes: number
  readonly maxElements: number
  /** `x-amz-checksum-*` are of what the document is about, not of the document. */
  readonly checksumsAreOfObject?: boolean
}

/** The root element, or `null` for an empty body; throws `xml-too-large`, `xml-malformed`, `digest-mismatch`. */
export async function readXmlBody(
  face: S3Face,
  request: S3Request,
  { root, maxBytes, maxElements, checksumsAreOfObject = false }: XmlLimits,
): Promise<XmlNode | null> {
  const open = checksumsAreOfObject ? openDescribingBody : openUploadBody
  const { body, contentLength, checksums, expected } = open(face, request)
  if ((contentLength ?? 0) > maxBytes) throw s3Refusal('xml-too-large', { maxBytes })
  const algorithms = new Set([...checksums, ...expected().map(({ algorithm }) => algorithm)])
  const measuring = measureBody(body, algorithms, {
    contentLength,
    maxBytes: Number.POSITIVE_INFINITY,
    // The pace that every body must keep bounds so small a one.
    requireInTime: () => undefined,
  })
  const bytes = await readAll(measuring.bytes, maxBytes)
  requireDigests(measuring.finish(), expected())
  if (bytes.length === 0) return null
  const node = parseXml(decodeUtf8(bytes), maxElements)
  if (node.name === root) return node
  throw s3Refusal('xml-malformed', { reason: `the root element must be ${root}` })
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw s3Refusal('xml-too-large', { maxBytes })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** A byte order mark is taken off. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw s3Refusal('xml-malformed', { reason: 'it is not UTF-8' }, error)
  }
}
