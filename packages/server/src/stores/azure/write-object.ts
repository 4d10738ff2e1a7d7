/** Writes objects: in one request what fits into a part, anything larger in blocks. */
import type { StoredObject, StoredPart, WriteCondition, WriteOptions } from '../object-store.ts'
import { storeConflict, storeUnavailable } from '../../platform/store-errors.ts'
import { isDoubtful } from '../send/is-doubtful.ts'
import { partBytes } from '../send/part-sizes.ts'
import { sendInParts } from '../send/send-in-parts.ts'
import { createUploadId } from '../send/upload-ids.ts'
import type { AzureCalls } from './azure-calls.ts'
import { isAbsentBlob } from './azure-faults.ts'
import { conditionHeaders } from '../send/object-headers.ts'
import { headersToWrite } from './azure-headers.ts'
import { findOwnBlob } from './own-blob.ts'
import { statObject } from './read-object.ts'
import { commitBlocks, MAX_PARTS, sendBlock, written } from './uploads.ts'

export function writeObject(
  calls: AzureCalls,
  { key, body }: { readonly key: string; readonly body: AsyncIterable<Uint8Array> },
  options: WriteOptions,
): Promise<StoredObject> {
  const { condition, headers, signal, size } = options
  return sendInParts<StoredPart, StoredObject>(body, signal, {
    partBytes: (number) => partBytes(number, size, MAX_PARTS),
    sendWhole: (bytes) => putBlob(calls, key, bytes, options),
    begin: () => Promise.resolve(createUploadId(headers, calls.random)),
    async sendPart(uploadId, number, bytes) {
      const part = { number, body: { kind: 'bytes', bytes }, signal } as const
      return (await sendBlock(calls, { key, uploadId }, part)) ?? lost(calls)
    },
    async complete(uploadId, parts) {
      const made = await commitBlocks(calls, { key, uploadId }, { parts, condition })
      return made ?? explainLoss(calls, key, condition)
    },
    // Blocks that nobody commits are thrown away by Azure.
    abort: () => Promise.resolve(),
  })
}

export async function putBlob(
  calls: AzureCalls,
  key: string,
  bytes: Uint8Array,
  { headers, condition, signal }: Pick<WriteOptions, 'headers' | 'condition' | 'signal'>,
): Promise<StoredObject> {
  const answer = await calls.ask({
    operation: 'PutBlob',
    method: 'PUT',
    at: { key },
    headers: {
      'x-ms-blob-type': 'BlockBlob',
      ...headersToWrite(headers),
      ...conditionHeaders(condition),
    },
    body: { kind: 'bytes', bytes },
    signal,
    wantsText: true,
  })
  if (condition !== null && isDoubtful(answer)) {
    const own = await findOwnBlob(calls, { key, bytes })
    if (own !== null) return own
  }
  if (isAbsentBlob(answer) && condition?.kind === 'etag') {
    throw storeConflict(`${calls.name}: the object is not there any more.`)
  }
  if (answer.status !== 201) throw calls.faultOf(answer)
  return written(key, bytes.length, answer)
}

/** Whoever makes the same blob takes the blocks of all others away. */
export async function explainLoss(
  calls: AzureCalls,
  key: string,
  condition: WriteCondition | null,
): Promise<never> {
  if (condition === null) return lost(calls)
  const there = await statObject(calls, key)
  const holds = condition.kind === 'absent' ? there === null : there?.etag === condition.etag
  if (holds) return lost(calls)
  throw storeConflict(`${calls.name}: there is another object already, or none any more.`)
}

function lost({ name }: AzureCalls): never {
  throw storeUnavailable(
    `${name} does not have the blocks any more that were sent: somebody else wrote the same object.`,
  )
}
