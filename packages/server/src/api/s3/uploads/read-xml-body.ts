/** Reads an XML body: nothing of it is looked at before it is proved. */
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Face, S3Request } from '../face.ts'
import { parseXml } from './parse-xml.ts'
import type { XmlNode } from '../../../platform/xml.ts'
import { openDescribingBody, openUploadBody } from './upload-body.ts'
import { decodeUtf8, readSmallBody } from './read-small-body.ts'

export interface XmlLimits {
  readonly root: string
  readonly maxBytes: number
  readonly maxElements: number
  /** `x-amz-checksum-*` are of what the document is about, not of the document. */
  readonly checksumsAreOfObject?: boolean
}

/** Most of S3's documents say a few things about a bucket or an object. */
export const SMALL_DOCUMENT = { maxBytes: 64 * 1024, maxElements: 2000 } as const

/** The root element; throws like `readXmlBody`, and for an empty body too. */
export async function requireXmlBody(
  face: S3Face,
  request: S3Request,
  limits: XmlLimits,
): Promise<XmlNode> {
  const node = await readXmlBody(face, request, limits)
  if (node !== null) return node
  throw s3Refusal('xml-malformed', { reason: `the body must be a ${limits.root}` })
}

/** The root element, or `null` for an empty body; throws `xml-too-large`, `xml-malformed`, `digest-mismatch`. */
export async function readXmlBody(
  face: S3Face,
  request: S3Request,
  { root, maxBytes, maxElements, checksumsAreOfObject = false }: XmlLimits,
): Promise<XmlNode | null> {
  const open = checksumsAreOfObject ? openDescribingBody : openUploadBody
  const bytes = await readSmallBody(open(face, request), maxBytes)
  if (bytes.length === 0) return null
  const text = decodeUtf8(bytes)
  if (text === null) throw s3Refusal('xml-malformed', { reason: 'it is not UTF-8' })
  const node = parseXml(text, maxElements)
  if (node.name === root) return node
  throw s3Refusal('xml-malformed', { reason: `the root element must be ${root}` })
}
