/** [S3-API] ListParts: what has come of an upload, for whoever may go on with it. */
import type { PartRecord } from '../../../catalog/records.ts'
import { MAX_LIST_ENTRIES } from '../../../core/limits.ts'
import { listParts as listPartRecords } from '../../../core/uploads/list-uploads.ts'
import { xmlAnswer } from '../answers/answers.ts'
import { OWNER } from '../answers/format-listing.ts'
import { INITIATOR, uploadChecksumElements } from '../answers/format-uploads.ts'
import { partChecksumElements } from '../answers/part-checksums.ts'
import type { XmlElement } from '../answers/xml.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { countOf, uploadIdOf } from '../uploads/part-parameters.ts'

export async function listParts(
  { core }: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  const uploadId = uploadIdOf(request)
  const after = countOf(request, 'part-number-marker', 0)
  const limit = Math.min(countOf(request, 'max-parts', MAX_LIST_ENTRIES), MAX_LIST_ENTRIES)
  const { upload, parts, isTruncated } = await listPartRecords(core, permit, {
    uploadId,
    after,
    limit,
  })
  // Asked for nothing, S3 answers an empty page that claims to be the last.
  const hasMore = isTruncated && limit > 0
  return xmlAnswer('ListPartsResult', [
    ['Bucket', upload.bucket],
    ['Key', upload.key],
    ['UploadId', uploadId],
    INITIATOR,
    OWNER,
    ['StorageClass', 'STANDARD'],
    ['PartNumberMarker', after],
    // Some clients go on as long as there is one.
    ['NextPartNumberMarker', hasMore ? (parts.at(-1)?.number ?? null) : null],
    ['MaxParts', limit],
    ['IsTruncated', hasMore],
    ...parts.map((part): XmlElement => ['Part', formatPart(part)]),
    ...uploadChecksumElements(upload),
  ])
}

function formatPart(part: PartRecord): XmlElement[] {
  return [
    ['PartNumber', part.number],
    ['LastModified', new Date(part.modifiedAt).toISOString()],
    ['ETag', `"${part.etag}"`],
    ['Size', part.size],
    ...partChecksumElements(part),
  ]
}
