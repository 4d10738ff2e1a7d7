/** What there is of uploads that are under way. */
import type { StoredPart, StoredUpload } from '../object-store.ts'
import type { S3Calls } from './s3-calls.ts'
import { readDocument, textOf } from '../send/xml-answer.ts'
import { createDecoder } from './s3-documents.ts'
import { isUnknownUpload } from './s3-faults.ts'
import { bareEtag, readDate } from '../send/header-text.ts'

export interface S3Upload {
  readonly key: string
  readonly uploadId: string
}

/** `null`: the upload is not known. */
export async function listParts(
  calls: S3Calls,
  { key, uploadId }: S3Upload,
): Promise<readonly StoredPart[] | null> {
  const parts: StoredPart[] = []
  for (let marker = 0; ;) {
    const query = { uploadId, ...(marker > 0 && { 'part-number-marker': `${marker}` }) }
    const answer = await calls.ask({
      operation: 'ListParts',
      method: 'GET',
      key,
      query,
      wantsText: true,
    })
    if (isUnknownUpload(answer)) return null
    if (answer.status !== 200) throw calls.faultOf(answer)
    const root = readDocument(calls.name, answer, 'ListPartsResult')
    for (const node of root.children.filter(({ name }) => name === 'Part')) {
      parts.push({
        number: Number(textOf(node, 'PartNumber')),
        etag: bareEtag(textOf(node, 'ETag')),
        size: Number(textOf(node, 'Size')),
      })
    }
    const last = parts.at(-1)?.number ?? 0
    if (textOf(root, 'IsTruncated') !== 'true' || last <= marker) return parts
    marker = last
  }
}

export async function* listUploads(calls: S3Calls, prefix: string): AsyncGenerator<StoredUpload> {
  const whole = calls.location.prefix + prefix
  const own = calls.location.prefix.length
  for (let marker: Readonly<Record<string, string>> = {}; ;) {
    const query = { uploads: '', prefix: whole, 'encoding-type': 'url', ...marker }
    const answer = await calls.ask({
      operation: 'ListMultipartUploads',
      method: 'GET',
      key: null,
      query,
      wantsText: true,
    })
    if (answer.status !== 200) throw calls.faultOf(answer)
    const root = readDocument(calls.name, answer, 'ListMultipartUploadsResult')
    const decode = createDecoder(root)
    for (const node of root.children.filter(({ name }) => name === 'Upload')) {
      const key = decode(textOf(node, 'Key'))
      // A store that does not look at the prefix would have uploads of others given up.
      if (!key.startsWith(whole)) continue
      const startedAt = readDate(textOf(node, 'Initiated'))
      yield { key: key.slice(own), uploadId: textOf(node, 'UploadId'), startedAt }
    }
    const next = {
      'key-marker': decode(textOf(root, 'NextKeyMarker')),
      'upload-id-marker': textOf(root, 'NextUploadIdMarker'),
    }
    const isSame =
      next['key-marker'] === marker['key-marker'] &&
      next['upload-id-marker'] === marker['upload-id-marker']
    if (textOf(root, 'IsTruncated') !== 'true' || isSame) return
    marker = next
  }
}
