/** Copies within the bucket: the store moves the bytes, in one request or, above what one may copy, in parts. */
import type {
  CopyOptions,
  StoredHead,
  StoredObject,
  StoredPart,
  StoredUploads,
} from '../object-store.ts'
import { storeConflict, storeUnavailable } from '../../platform/store-errors.ts'
import type { S3Calls } from './s3-calls.ts'
import { readDocument, textOf } from '../send/xml-answer.ts'
import { bareEtag, readDate } from '../send/header-text.ts'
import { isDoubtful } from '../send/is-doubtful.ts'
import { findOwnObject } from './own-object.ts'
import { conditionHeaders } from '../send/object-headers.ts'
import { headersToWrite } from './s3-headers.ts'
import { statObject } from './read-object.ts'
import { abortUpload, MAX_PARTS } from './uploads.ts'
import { requireCondition } from '../send/require-condition.ts'

const GIB = 1024 * 1024 * 1024
/** The most that one request may copy. */
export const MAX_COPY_BYTES: number = 5 * GIB

export interface Copying {
  readonly from: string
  readonly to: string
  /** More than this is copied in parts; tests say less. */
  readonly atOnceBytes?: number
}

/** `null` if there is no such source. */
export async function copyObject(
  calls: S3Calls,
  uploads: StoredUploads,
  copying: Copying,
  options: CopyOptions,
): Promise<StoredObject | null> {
  const source = await statObject(calls, copying.from)
  if (source === null) return null
  if (options.etag !== null && source.etag !== options.etag) throw changed(calls)
  // Not every store looks at conditions of a copy: who is there already is seen here at least.
  if (options.condition !== null)
    requireCondition(calls.name, await statObject(calls, copying.to), options.condition)
  return source.size > (copying.atOnceBytes ?? MAX_COPY_BYTES)
    ? copyInParts(calls, uploads, { ...copying, source }, options)
    : copyAtOnce(calls, { ...copying, source }, options)
}

type Sourced = Copying & { readonly source: StoredHead }

async function copyAtOnce(
  calls: S3Calls,
  { from, to, source }: Sourced,
  { headers, condition, signal }: CopyOptions,
): Promise<StoredObject> {
  const answer = await calls.ask({
    operation: 'CopyObject',
    method: 'PUT',
    key: to,
    headers: {
      ...headersToWrite(headers ?? source, calls.location),
      ...sourceHeaders(calls, from, source.etag),
      'x-amz-metadata-directive': 'REPLACE',
      ...conditionHeaders(condition),
    },
    signal,
    wantsText: true,
  })
  if (condition !== null && isDoubtful(answer)) {
    // A copy of what was put together from parts may have another ETag than its source.
    const etag = source.etag.includes('-') ? null : source.etag
    const own = await findOwnObject(calls, { key: to, size: source.size, etag })
    if (own !== null) return own
  }
  if (answer.status === 404 || answer.status === 412) throw changed(calls)
  if (answer.status !== 200) throw calls.faultOf(answer)
  const root = readDocument(calls.name, answer, 'CopyObjectResult')
  return {
    key: to,
    size: source.size,
    etag: bareEtag(textOf(root, 'ETag')),
    modifiedAt: readDate(textOf(root, 'LastModified')),
    versionId: answer.header('x-amz-version-id'),
  }
}

async function copyInParts(
  calls: S3Calls,
  uploads: StoredUploads,
  copying: Sourced,
  { headers, condition, signal }: CopyOptions,
): Promise<StoredObject> {
  const { to, source, atOnceBytes = MAX_COPY_BYTES } = copying
  const uploadId = await uploads.create(to, headers ?? source)
  const upload = { key: to, uploadId }
  try {
    const parts: StoredPart[] = []
    const partBytes = Math.max(Math.min(GIB, atOnceBytes), Math.ceil(source.size / MAX_PARTS))
    for (let start = 0; start < source.size; start += partBytes) {
      signal.throwIfAborted()
      const end = Math.min(start + partBytes, source.size) - 1
      const range = { start, end, number: parts.length + 1 }
      parts.push(await copyPart(calls, copying, { ...range, uploadId, signal }))
    }
    const made = await uploads.complete(upload, parts, condition)
    if (made !== null) return made
    throw storeUnavailable(`${calls.name} does not know an upload any more that was under way.`)
  } catch (error) {
    await abortUpload(calls, upload).catch(() => undefined)
    throw error
  }
}

interface PartRange {
  readonly uploadId: string
  readonly number: number
  readonly start: number
  readonly end: number
  readonly signal: AbortSignal
}

async function copyPart(
  calls: S3Calls,
  { from, to, source }: Sourced,
  { uploadId, number, start, end, signal }: PartRange,
): Promise<StoredPart> {
  const answer = await calls.ask({
    operation: 'UploadPartCopy',
    method: 'PUT',
    key: to,
    query: { partNumber: `${number}`, uploadId },
    headers: {
      ...sourceHeaders(calls, from, source.etag),
      'x-amz-copy-source-range': `bytes=${start}-${end}`,
    },
    signal,
    wantsText: true,
  })
  if (answer.status === 412) throw changed(calls)
  if (answer.status !== 200) throw calls.faultOf(answer)
  const root = readDocument(calls.name, answer, 'CopyPartResult')
  return { number, etag: bareEtag(textOf(root, 'ETag')), size: end - start + 1 }
}

/** The very object that was looked at. */
function sourceHeaders({ location }: S3Calls, from: string, etag: string): Record<string, string> {
  const path = `/${location.bucket}/${location.prefix}${from}`
  return {
    'x-amz-copy-source': path.split('/').map(encodeSegment).join('/'),
    'x-amz-copy-source-if-match': `"${etag}"`,
  }
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.codePointAt(0)?.toString(16).toUpperCase()}`,
  )
}

function changed({ name }: S3Calls): Error {
  return storeConflict(`${name}: the object to copy is another one by now.`)
}
