/** The document of DeleteObjects: which keys, which versions of them, and what must be so of each [S3-API]. */
import { refusal } from '../../../core/errors.ts'
import type { DeletePreconditions } from '../../../core/files/files.ts'
import { MAX_DELETED_AT_ONCE } from '../../../platform/s3-limits.ts'
import { parseHttpDate } from '../../../http/http-date.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Face, S3Request } from '../face.ts'
import { childOf } from '../../../platform/xml.ts'
import type { XmlNode } from '../../../platform/xml.ts'
import { readXmlBody } from './read-xml-body.ts'
import { parseUploadDigests } from './upload-checksums.ts'

export interface NamedDeletion {
  readonly key: string
  readonly versionId: string | null
  readonly preconditions: DeletePreconditions
}

export interface Deletions {
  readonly isQuiet: boolean
  readonly named: readonly NamedDeletion[]
}

const DOCUMENT = {
  root: 'Delete',
  // A thousand of the longest keys, their letters as references, with what else may be said of each.
  maxBytes: 8 * 1024 * 1024,
  maxElements: MAX_DELETED_AT_ONCE * 6 + 2,
} as const

/** Throws `digest-missing`, `xml-malformed`, `field-invalid`. */
export async function readDeletions(face: S3Face, request: S3Request): Promise<Deletions> {
  // Half of a list could pass for a whole one.
  if (parseUploadDigests(request).length === 0) throw s3Refusal('digest-missing', {})
  const root = await readXmlBody(face, request, DOCUMENT)
  const named = (root?.children ?? []).filter(({ name }) => name === 'Object').map(toDeletion)
  if (root === null || named.length === 0) throw malformed('it names no object')
  if (named.length > MAX_DELETED_AT_ONCE) {
    throw malformed(`it names more than ${MAX_DELETED_AT_ONCE} objects`)
  }
  return { isQuiet: childOf(root, 'Quiet')?.text.trim().toLowerCase() === 'true', named }
}

function toDeletion(node: XmlNode): NamedDeletion {
  const key = childOf(node, 'Key')?.text ?? ''
  if (key === '') throw malformed('an object has no key')
  const versionId = childOf(node, 'VersionId')?.text.trim() ?? ''
  return {
    key,
    versionId: versionId === '' ? null : versionId,
    preconditions: toPreconditions(node),
  }
}

function toPreconditions(node: XmlNode): DeletePreconditions {
  const etag = childOf(node, 'ETag')?.text.trim() ?? ''
  const size = childOf(node, 'Size')?.text.trim() ?? ''
  const modified = childOf(node, 'LastModifiedTime')?.text.trim() ?? ''
  return {
    ...(etag !== '' && { ifEtag: etag.replaceAll(/^"|"$/g, '') }),
    ...(size !== '' && { ifSize: toSize(size) }),
    ...(modified !== '' && { ifModifiedAt: toTime(modified) }),
  }
}

function toSize(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw refusal('field-invalid', { field: 'Size', reason: 'it must be a number of bytes' })
}

/** Clients write it as HTTP does or as ISO 8601 does. */
function toTime(text: string): number {
  const ms = parseHttpDate(text) ?? Date.parse(text)
  if (Number.isFinite(ms)) return ms
  throw refusal('field-invalid', { field: 'LastModifiedTime', reason: 'it must be a time' })
}

function malformed(reason: string): Error {
  return s3Refusal('xml-malformed', { reason })
}
