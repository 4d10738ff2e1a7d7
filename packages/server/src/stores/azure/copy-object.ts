/**
 * Copies within the container: the store reads the blocks from the source by itself, and a list makes an object of them, so that headers and condition are
 * its own and it is there as a whole or not at all.
 */
import type { CopyOptions, StoredHead, StoredObject, StoredPart } from '../object-store.ts'
import { storeConflict } from '../../platform/store-errors.ts'
import type { AzureCalls } from './azure-calls.ts'
import { blockIdOf, createPartEtag, createUploadId, readUploadId } from './blocks.ts'
import { statObject } from './read-object.ts'
import type { LinkSigner } from './sign-link.ts'
import { sourceOf } from './sign-link.ts'
import { commitBlocks, MAX_PARTS } from './uploads.ts'
import { explainLoss, putBlob } from './write-object.ts'

const MIB = 1024 * 1024
/** Little enough for the store to read while somebody waits for its answer. */
const BLOCK_BYTES = 64 * MIB

export interface Copying {
  readonly from: string
  readonly to: string
  /** How much one block has; tests say less. */
  readonly blockBytes?: number
}

/** `null` if there is no such source. */
export async function copyObject(
  calls: AzureCalls,
  signer: LinkSigner | null,
  { from, to, blockBytes = BLOCK_BYTES }: Copying,
  options: CopyOptions,
): Promise<StoredObject | null> {
  const source = await statObject(calls, from)
  if (source === null) return null
  const { etag, condition, signal } = options
  if (etag !== null && source.etag !== etag) throw changed(calls)
  const headers = options.headers ?? source
  if (source.size === 0)
    return putBlob(calls, to, new Uint8Array(0), { headers, condition, signal })
  const upload = { key: to, uploadId: createUploadId(headersOf(headers), calls.random) }
  const url = await sourceOf(calls, signer, from)
  const bytes = Math.max(blockBytes, Math.ceil(source.size / MAX_PARTS))
  const parts: StoredPart[] = []
  for (let start = 0; start < source.size; start += bytes) {
    signal.throwIfAborted()
    const end = Math.min(start + bytes, source.size) - 1
    const range = { start, end, number: parts.length + 1 }
    parts.push(await copyBlock(calls, upload, { ...range, source, url, signal }))
  }
  const made = await commitBlocks(calls, upload, { parts, condition })
  return made ?? explainLoss(calls, to, condition)
}

interface BlockRange {
  readonly number: number
  readonly start: number
  readonly end: number
  readonly source: StoredHead
  /** By which the store reads the source. */
  readonly url: string
  readonly signal: AbortSignal
}

async function copyBlock(
  calls: AzureCalls,
  { key, uploadId }: { readonly key: string; readonly uploadId: string },
  { number, start, end, source, url, signal }: BlockRange,
): Promise<StoredPart> {
  const part = {
    number,
    size: end - start + 1,
    etag: createPartEtag(calls.clock.now(), calls.random),
  }
  const upload = readUploadId(uploadId)
  const answer = await calls.ask({
    operation: 'PutBlockFromURL',
    method: 'PUT',
    at: { key },
    query: { comp: 'block', blockid: (upload && blockIdOf(upload, part)) ?? '' },
    headers: {
      'x-ms-copy-source': url,
      'x-ms-source-range': `bytes=${start}-${end}`,
      'x-ms-source-if-match': `"${source.etag}"`,
    },
    signal,
    wantsText: true,
  })
  if (answer.status === 404 || answer.status === 412 || answer.status === 409) throw changed(calls)
  if (answer.status !== 201) throw calls.faultOf(answer)
  return part
}

/** A head has more in it. */
function headersOf(headers: NonNullable<CopyOptions['headers']>): typeof headers {
  const { contentType, contentDisposition, contentEncoding } = headers
  const { contentLanguage, cacheControl, metadata } = headers
  const kept = { contentType, contentDisposition, contentEncoding }
  return { ...kept, contentLanguage, cacheControl, metadata }
}

function changed({ name }: AzureCalls): Error {
  return storeConflict(`${name}: the object to copy is another one by now.`)
}
