/** [S3-API] CopyObject: another object of the same content, with what its source says of itself or with what the request says. */
import { copyFile } from '../../../core/files/copy-file.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { pushHeldId } from '../answers/held-id.ts'
import { xmlAnswer } from '../answers/answers.ts'
import {
  checksumName,
  formatChecksum,
  formatChecksumType,
  shownChecksums,
} from '../answers/checksum-headers.ts'
import type { XmlElement } from '../answers/xml.ts'
import type { FileRecord } from '../../../catalog/records.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face, S3Request } from '../face.ts'
import { COPY_SOURCE_HEADERS, parseCopySource } from '../uploads/copy-source.ts'
import type { RequestedSource } from '../uploads/copy-source.ts'
import { replaces } from '../uploads/directives.ts'
import { TAGGING_HEADER, parseTaggingHeader } from '../uploads/tagging-header.ts'
import { abortWith } from '../uploads/upload-body.ts'
import { parseAlgorithm } from '../uploads/upload-checksum-request.ts'
import { parseUploadConditions } from '../uploads/upload-conditions.ts'
import { refuseUnsupportedFeatures } from '../uploads/upload-features.ts'
import {
  DEFAULT_TYPE,
  parseContentType,
  parseMetadata,
  parseStoredHeaders,
  refuseReservedHeaders,
} from '../uploads/upload-headers.ts'
import { pushSourceVersionId, pushWrittenVersionId } from './versioning/version-id.ts'

const TAKEN = [...COPY_SOURCE_HEADERS, TAGGING_HEADER, 'x-amz-tagging-directive']

export async function copyObject(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  const { core } = face
  refuseUnsupportedFeatures(request, TAKEN)
  refuseReservedHeaders(request)
  const { path, ...source } = parseCopySource(request)
  const tags = replaces(request, 'tagging') ? parseTaggingHeader(request) : null
  const draft = replaces(request, 'metadata') ? parseDraft(request) : null
  if (draft === null) requireAnother(request, { path, ...source })
  const asked = { draft, tags, checksum: parseAlgorithm(request) }
  const conditions = parseUploadConditions(request)
  const from = await authorize(core, request.caller, 'read', path)
  const copied = await copyFile(
    core,
    { from, to: permit },
    { source, ...asked, ...conditions },
    abortWith(request.source.response),
  )
  const { file } = copied
  const headers = ['x-hallpass-file-id', file.id]
  pushHeldId(headers, copied)
  pushWrittenVersionId(headers, file.versionId)
  await pushSourceVersionId(headers, face, from, copied.source.versionId)
  return xmlAnswer(
    'CopyObjectResult',
    [
      ['LastModified', new Date(file.modifiedAt).toISOString()],
      ['ETag', `"${file.etag}"`],
      ...formatChecksums(file),
    ],
    headers,
  )
}

function parseDraft(request: S3Request): NonNullable<Parameters<typeof copyFile>[2]['draft']> {
  return {
    contentType: parseContentType(request) ?? DEFAULT_TYPE,
    headers: parseStoredHeaders(request),
    metadata: parseMetadata(request),
  }
}

/** An older version may be copied onto its own name: that brings it back. */
function requireAnother(request: S3Request, { path, versionId }: RequestedSource): void {
  const { bucket, key } = request.path
  if (versionId !== null || path.bucket !== bucket || path.key !== key) return
  throw s3Refusal('copy-to-itself', {})
}

function formatChecksums(file: FileRecord): XmlElement[] {
  const shown = shownChecksums(file)
  const [first] = shown
  if (first === undefined) return []
  return [
    ...shown.map((checksum): XmlElement => [
      `Checksum${checksumName(checksum.algorithm)}`,
      formatChecksum(checksum, file),
    ]),
    ['ChecksumType', formatChecksumType(first)],
  ]
}
