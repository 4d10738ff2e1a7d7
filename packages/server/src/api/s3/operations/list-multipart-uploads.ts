/** [S3-API] ListMultipartUploads: what is open under a prefix, page by page. */
import type { ListedEntry } from '../../../catalog/file-steps.ts'
import type { UploadRecord } from '../../../catalog/records.ts'
import { MAX_LIST_ENTRIES } from '../../../core/limits.ts'
import { listUploads } from '../../../core/uploads/list-uploads.ts'
import { xmlAnswer } from '../answers/answers.ts'
import { OWNER, formatName } from '../answers/format-listing.ts'
import { INITIATOR, uploadChecksumElements } from '../answers/format-uploads.ts'
import type { XmlElement } from '../answers/xml.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { countOf } from '../uploads/part-parameters.ts'
import { parseListParameters, parsePlace } from './list-parameters.ts'

export async function listMultipartUploads(
  { core }: S3Face,
  { permit, request }: S3Call<'list'>,
): Promise<S3Answer> {
  const { bucket, prefix, delimiter, encodesUrl } = parseListParameters(request)
  const after = parsePlace(request, 'key-marker')
  const afterUploadId = after === '' ? '' : parsePlace(request, 'upload-id-marker')
  const maxUploads = Math.min(countOf(request, 'max-uploads', MAX_LIST_ENTRIES), MAX_LIST_ENTRIES)
  const limit = Math.max(1, maxUploads)
  const listing = await listUploads(core, permit, { delimiter, after, afterUploadId, limit })
  // Asked for nothing, S3 answers an empty page that claims to be the last. The rights are checked all the same.
  const { entries, nextAfter } = maxUploads === 0 ? { entries: [], nextAfter: null } : listing
  const last = nextAfter === null ? undefined : entries.at(-1)
  const nextUploadId = last?.kind === 'file' ? last.file.id : ''
  return xmlAnswer('ListMultipartUploadsResult', [
    ['Bucket', bucket],
    ['KeyMarker', formatName(after, encodesUrl)],
    ['UploadIdMarker', afterUploadId],
    ['NextKeyMarker', nextAfter === null ? null : formatName(nextAfter, encodesUrl)],
    ['NextUploadIdMarker', nextAfter === null ? null : nextUploadId],
    ['Prefix', formatName(prefix, encodesUrl)],
    ['Delimiter', delimiter === '' ? null : formatName(delimiter, encodesUrl)],
    ['EncodingType', encodesUrl ? 'url' : null],
    ['MaxUploads', maxUploads],
    ['IsTruncated', nextAfter !== null],
    ...formatEntries(entries, encodesUrl),
  ])
}

function formatEntries(
  entries: readonly ListedEntry<UploadRecord>[],
  encodesUrl: boolean,
): XmlElement[] {
  const uploads: XmlElement[] = []
  const prefixes: XmlElement[] = []
  for (const entry of entries) {
    if (entry.kind === 'file') uploads.push(['Upload', formatUpload(entry.file, encodesUrl)])
    else {
      const prefix = formatName(entry.prefix, encodesUrl)
      prefixes.push(['CommonPrefixes', [['Prefix', prefix]]])
    }
  }
  return [...uploads, ...prefixes]
}

function formatUpload(upload: UploadRecord, encodesUrl: boolean): XmlElement[] {
  return [
    ['Key', formatName(upload.key, encodesUrl)],
    ['UploadId', upload.id],
    INITIATOR,
    OWNER,
    ['StorageClass', 'STANDARD'],
    ['Initiated', new Date(upload.createdAt).toISOString()],
    ...uploadChecksumElements(upload),
  ]
}
