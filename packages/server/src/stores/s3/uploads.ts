/** Uploads in parts. */
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { XmlNode } from '../../platform/xml.ts'
import type { StoredObject, StoredPart, StoredUploads, WriteCondition } from '../object-store.ts'
import { isDoubtful } from '../send/is-doubtful.ts'
import { withPartBody } from '../send/part-body.ts'
import type { PartBody } from '../send/part-body.ts'
import type { S3Calls } from './s3-calls.ts'
import { listParts, listUploads } from './list-uploads.ts'
import type { S3Upload } from './list-uploads.ts'
import { readDocument, textOf } from '../send/xml-answer.ts'
import { isUnknownUpload } from './s3-faults.ts'
import { bareEtag, readDate } from '../send/header-text.ts'
import { etagOfParts, findOwnObject } from './own-object.ts'
import { conditionHeaders } from '../send/object-headers.ts'
import { headersToWrite } from './s3-headers.ts'

export const MAX_PARTS = 10_000
const MIN_PART_BYTES = 5 * 1024 * 1024

export function createS3Uploads(calls: S3Calls): StoredUploads {
  return {
    minPartBytes: MIN_PART_BYTES,
    maxParts: MAX_PARTS,

    async create(key, headers) {
      const answer = await calls.ask({
        operation: 'CreateMultipartUpload',
        method: 'POST',
        key,
        query: { uploads: '' },
        headers: headersToWrite(headers, calls.location),
        wantsText: true,
      })
      if (answer.status !== 200) throw calls.faultOf(answer)
      const root = readDocument(calls.name, answer, 'InitiateMultipartUploadResult')
      return requireText(calls, root, 'UploadId')
    },

    writePart: (upload, { number, size, signal }, chunks) =>
      withPartBody(chunks, { size, signal }, (body) =>
        sendPart(calls, upload, { number, body, signal }),
      ),

    listParts: (key, uploadId) => listParts(calls, { key, uploadId }),
    complete: (upload, parts, condition) => complete(calls, upload, { parts, condition }),

    leftovers: {
      list: (prefix) => listUploads(calls, prefix),
      abort: (key, uploadId) => abortUpload(calls, { key, uploadId }),
    },
  }
}

export async function abortUpload(calls: S3Calls, { key, uploadId }: S3Upload): Promise<void> {
  const answer = await calls.ask({
    operation: 'AbortMultipartUpload',
    method: 'DELETE',
    key,
    query: { uploadId },
    wantsText: true,
  })
  if (answer.status !== 204 && answer.status !== 200 && !isUnknownUpload(answer)) {
    throw calls.faultOf(answer)
  }
}

interface Completion {
  readonly parts: readonly StoredPart[]
  readonly condition: WriteCondition | null
}

async function complete(
  calls: S3Calls,
  { key, uploadId }: S3Upload,
  { parts, condition }: Completion,
): Promise<StoredObject | null> {
  const answer = await calls.ask({
    operation: 'CompleteMultipartUpload',
    method: 'POST',
    key,
    query: { uploadId },
    headers: { 'content-type': 'application/xml', ...conditionHeaders(condition) },
    body: { kind: 'bytes', bytes: Buffer.from(formatParts(parts)) },
    wantsText: true,
  })
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  if (isDoubtful(answer)) {
    const own = await findOwnObject(calls, { key, size, etag: etagOfParts(parts) })
    if (own !== null) return own
  }
  if (isUnknownUpload(answer)) return null
  if (answer.status !== 200) throw calls.faultOf(answer)
  const root = readDocument(calls.name, answer, 'CompleteMultipartUploadResult')
  return {
    key,
    size,
    etag: bareEtag(requireText(calls, root, 'ETag')),
    modifiedAt: readDate(answer.header('date')),
    versionId: answer.header('x-amz-version-id'),
  }
}

export interface PartToSend {
  readonly number: number
  readonly body: PartBody
  readonly signal: AbortSignal
}

/** `null`: the upload is not known. */
export async function sendPart(
  calls: S3Calls,
  { key, uploadId }: S3Upload,
  { number, body, signal }: PartToSend,
): Promise<StoredPart | null> {
  const answer = await calls.ask({
    operation: 'UploadPart',
    method: 'PUT',
    key,
    query: { partNumber: `${number}`, uploadId },
    body,
    signal,
    wantsText: true,
  })
  if (isUnknownUpload(answer)) return null
  if (answer.status !== 200) throw calls.faultOf(answer)
  const etag = answer.header('etag')
  if (etag === null) throw storeUnavailable(`${calls.name} took a part and gave it no ETag.`)
  const size = body.kind === 'bytes' ? body.bytes.length : body.size
  return { number, etag: bareEtag(etag), size }
}

function formatParts(parts: readonly StoredPart[]): string {
  const lines = parts.map(
    ({ number, etag }) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>&quot;${escapeXml(etag)}&quot;</ETag></Part>`,
  )
  const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
  return `<CompleteMultipartUpload ${namespace}>${lines.join('')}</CompleteMultipartUpload>`
}

function escapeXml(text: string): string {
  return text.replaceAll(/[<>&"]/g, (character) => `&#${character.codePointAt(0)};`)
}

function requireText(calls: S3Calls, node: XmlNode, name: string): string {
  const text = textOf(node, name)
  if (text === '') throw storeUnavailable(`${calls.name} answers without ${name}.`)
  return text
}
