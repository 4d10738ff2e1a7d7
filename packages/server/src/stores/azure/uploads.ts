/** Uploads in parts, which are blocks. */
import { storeUnavailable } from '../../platform/store-errors.ts'
import { childOf } from '../../platform/xml.ts'
import type { StoredObject, StoredPart, StoredUploads, WriteCondition } from '../object-store.ts'
import { bareEtag, readDate } from '../send/header-text.ts'
import { isDoubtful } from '../send/is-doubtful.ts'
import { withPartBody } from '../send/part-body.ts'
import type { PartBody } from '../send/part-body.ts'
import { dropBody } from '../send/store-answer.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import { createPartEtag, createUploadId, readUploadId } from '../send/upload-ids.ts'
import { readDocument, textOf } from '../send/xml-answer.ts'
import type { AzureCalls } from './azure-calls.ts'
import { isAbsentBlob } from './azure-faults.ts'
import { conditionHeaders } from '../send/object-headers.ts'
import { headersToWrite } from './azure-headers.ts'
import { blockIdOf, partsAmong } from './blocks.ts'
import type { Block } from './blocks.ts'
import { statObject } from './read-object.ts'

/** Azure takes five times as many; this is what clients of S3 know. */
export const MAX_PARTS = 10_000

export interface AzureUpload {
  readonly key: string
  readonly uploadId: string
}

export function createAzureUploads(calls: AzureCalls): StoredUploads {
  return {
    minPartBytes: 1,
    maxParts: MAX_PARTS,
    leftovers: null,
    create: (_key, headers) => Promise.resolve(createUploadId(headers, calls.random)),
    writePart: (upload, { number, size, signal }, chunks) =>
      withPartBody(chunks, { size, signal }, (body) =>
        sendBlock(calls, upload, { number, body, signal }),
      ),
    async listParts(key, uploadId) {
      const upload = readUploadId(uploadId)
      return upload && partsAmong(await listBlocks(calls, key, 'uncommitted'), upload)
    },
    complete: (upload, parts, condition) => commitBlocks(calls, upload, { parts, condition }),
  }
}

export interface BlockToSend {
  readonly number: number
  readonly body: PartBody
  readonly signal: AbortSignal
}

/** `null`: no such upload was ever begun. */
export async function sendBlock(
  calls: AzureCalls,
  { key, uploadId }: AzureUpload,
  { number, body, signal }: BlockToSend,
): Promise<StoredPart | null> {
  const upload = readUploadId(uploadId)
  if (upload === null) return null
  const size = body.kind === 'bytes' ? body.bytes.length : body.size
  const part = { number, size, etag: createPartEtag(calls.clock.now(), calls.random) }
  // There are no blocks of no bytes, and the object is the same without them.
  if (size === 0) return part
  const answer = await calls.ask({
    operation: 'PutBlock',
    method: 'PUT',
    at: { key },
    query: { comp: 'block', blockid: blockIdOf(upload, part) ?? '' },
    body,
    signal,
    wantsText: true,
  })
  if (answer.status !== 201) throw calls.faultOf(answer)
  return part
}

export interface Commit {
  readonly parts: readonly StoredPart[]
  readonly condition: WriteCondition | null
}

/** `null`: a block of it is not there, or not any more. */
export async function commitBlocks(
  calls: AzureCalls,
  { key, uploadId }: AzureUpload,
  { parts, condition }: Commit,
): Promise<StoredObject | null> {
  const upload = readUploadId(uploadId)
  if (upload === null) return null
  const sent = parts.filter(({ size }) => size > 0)
  const ids = sent.flatMap((part) => blockIdOf(upload, part) ?? [])
  if (ids.length < sent.length) return null
  const answer = await calls.ask({
    operation: 'PutBlockList',
    method: 'PUT',
    at: { key },
    query: { comp: 'blocklist' },
    headers: {
      'content-type': 'application/xml',
      ...headersToWrite(upload.headers),
      ...conditionHeaders(condition),
    },
    body: { kind: 'bytes', bytes: Buffer.from(formatList(ids)) },
    wantsText: true,
  })
  if (condition !== null && isDoubtful(answer)) {
    const own = await findCommitted(calls, key, ids)
    if (own !== null) return own
  }
  if (answer.code === 'InvalidBlockList') return findCommitted(calls, key, ids)
  if (answer.status !== 201) throw calls.faultOf(answer)
  return written(
    key,
    sent.reduce((sum, { size }) => sum + size, 0),
    answer,
  )
}

/** What the blocks made before, where the answer to it was lost. */
async function findCommitted(
  calls: AzureCalls,
  key: string,
  ids: readonly string[],
): Promise<StoredObject | null> {
  const committed = await listBlocks(calls, key, 'committed')
  const isOurs = committed.length === ids.length && ids.every((id, at) => committed[at]?.id === id)
  return isOurs && ids.length > 0 ? statObject(calls, key) : null
}

async function listBlocks(
  calls: AzureCalls,
  key: string,
  kind: 'committed' | 'uncommitted',
): Promise<readonly Block[]> {
  const answer = await calls.ask({
    operation: 'GetBlockList',
    method: 'GET',
    at: { key },
    query: { comp: 'blocklist', blocklisttype: kind },
    wantsText: true,
  })
  if (isAbsentBlob(answer)) return []
  if (answer.status !== 200) throw calls.faultOf(answer)
  const root = readDocument(calls.name, answer, 'BlockList')
  const list = childOf(root, kind === 'committed' ? 'CommittedBlocks' : 'UncommittedBlocks')
  return (list?.children ?? []).map((node) => ({
    id: textOf(node, 'Name'),
    size: Number(textOf(node, 'Size')),
  }))
}

/** What was just written, as the answer says it. */
export function written(key: string, size: number, answer: StoreAnswer): StoredObject {
  dropBody(answer.body)
  const etag = answer.header('etag')
  if (etag === null) throw storeUnavailable('Azure took an object and gave it no ETag.')
  return {
    key,
    size,
    etag: bareEtag(etag),
    modifiedAt: readDate(answer.header('last-modified')),
    versionId: answer.header('x-ms-version-id'),
  }
}

function formatList(ids: readonly string[]): string {
  const lines = ids.map((id) => `<Uncommitted>${id}</Uncommitted>`)
  return `<?xml version="1.0" encoding="utf-8"?><BlockList>${lines.join('')}</BlockList>`
}
