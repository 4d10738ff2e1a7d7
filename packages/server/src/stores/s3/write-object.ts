/** Writes objects: in one request what fits into a part, anything larger as an upload in parts. */
import type { StoredObject, StoredPart, StoredUploads, WriteOptions } from '../object-store.ts'
import { isDoubtful } from '../send/is-doubtful.ts'
import { partBytes } from '../send/part-sizes.ts'
import { conditionHeaders } from '../send/object-headers.ts'
import { sendInParts } from '../send/send-in-parts.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import { storeConflict, storeUnavailable } from '../../platform/store-errors.ts'
import type { S3Calls } from './s3-calls.ts'
import { bareEtag, readDate } from '../send/header-text.ts'
import { etagOfBytes, findOwnObject } from './own-object.ts'
import { headersToWrite } from './s3-headers.ts'
import { abortUpload, MAX_PARTS, sendPart } from './uploads.ts'

export function writeObject(
  calls: S3Calls,
  uploads: StoredUploads,
  writing: { readonly key: string; readonly body: AsyncIterable<Uint8Array> },
  options: WriteOptions,
): Promise<StoredObject> {
  const { key, body } = writing
  const { condition, headers, signal } = options
  return sendInParts<StoredPart, StoredObject>(body, signal, {
    partBytes: (number) => partBytes(number, options.size, MAX_PARTS),
    sendWhole: (bytes) => putWhole(calls, key, bytes, options),
    begin: () => uploads.create(key, headers),
    async sendPart(uploadId, number, bytes) {
      const body = { kind: 'bytes', bytes } as const
      const part = await sendPart(calls, { key, uploadId }, { number, body, signal })
      return part ?? lost(calls)
    },
    complete: async (uploadId, parts) =>
      (await uploads.complete({ key, uploadId }, parts, condition)) ?? lost(calls),
    abort: (uploadId) => abortUpload(calls, { key, uploadId }),
  })
}

/** Somebody ended the upload, or it ended with an answer that was lost. */
function lost({ name }: S3Calls): never {
  throw storeUnavailable(`${name} does not know an upload any more that was under way.`)
}

async function putWhole(
  calls: S3Calls,
  key: string,
  bytes: Uint8Array,
  { headers, condition, signal }: WriteOptions,
): Promise<StoredObject> {
  const answer = await calls.ask({
    operation: 'PutObject',
    method: 'PUT',
    key,
    headers: { ...headersToWrite(headers, calls.location), ...conditionHeaders(condition) },
    body: { kind: 'bytes', bytes },
    signal,
    wantsText: true,
  })
  if (condition !== null && isDoubtful(answer)) {
    const sent = { key, size: bytes.length, etag: etagOfBytes(bytes) }
    const own = await findOwnObject(calls, sent)
    if (own !== null) return own
  }
  if (answer.status === 404 && condition?.kind === 'etag') {
    throw storeConflict(`${calls.name}: the object is not there any more.`)
  }
  if (answer.status !== 200) throw calls.faultOf(answer)
  return written(key, bytes.length, answer)
}

function written(key: string, size: number, { header }: StoreAnswer): StoredObject {
  return {
    key,
    size,
    etag: bareEtag(header('etag') ?? ''),
    modifiedAt: readDate(header('date')),
    versionId: header('x-amz-version-id'),
  }
}
