/** Writes an object in one request. */
import { createHash } from 'node:crypto'
import { storeConflict, storeUnavailable } from '../../platform/store-errors.ts'
import type { StoredHead, WriteOptions } from '../object-store.ts'
import { isDoubtful } from '../send/is-doubtful.ts'
import type { PartBody } from '../send/part-body.ts'
import { sizeOfBody } from '../send/sending-body.ts'
import type { GcsCalls } from './gcs-calls.ts'
import {
  conditionQuery,
  mediaTypeOf,
  readDocument,
  readResource,
  resourceOf,
  textOf,
} from './gcs-documents.ts'
import { isAbsentObject } from './gcs-faults.ts'
import { findOwnObject } from './own-object.ts'

type PutOptions = Pick<WriteOptions, 'headers' | 'condition'> & { readonly signal?: AbortSignal }

/** With all that is kept with it; the store compares what arrives with its digest. */
export async function putObject(
  calls: GcsCalls,
  key: string,
  bytes: Uint8Array,
  { headers, condition, signal }: PutOptions,
): Promise<StoredHead> {
  const { name, location, random } = calls
  const boundary = Buffer.from(random.bytes(18)).toString('base64url')
  const md5Hash = createHash('md5').update(bytes).digest('base64')
  const resource = { ...resourceOf(headers), name: location.prefix + key, md5Hash }
  const type = mediaTypeOf(headers)
  const answer = await calls.ask({
    operation: 'InsertObject',
    method: 'POST',
    path: uploadPathOf(calls),
    query: { uploadType: 'multipart', ...conditionQuery(condition) },
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body: { kind: 'bytes', bytes: formatRelated({ boundary, resource, type }, bytes) },
    signal,
    wantsText: true,
  })
  if (condition !== null && isDoubtful(answer)) {
    const own = await findOwnObject(calls, { key, size: bytes.length, digests: { md5Hash } })
    if (own !== null) return own
  }
  if (isAbsentObject(answer) && condition?.kind === 'etag') {
    throw storeConflict(`${name}: the object is not there any more.`)
  }
  if (answer.status !== 200) throw calls.faultOf(answer)
  return readResource(name, readDocument(name, answer, 'object'), location.prefix)
}

/** Bytes alone, which may be a stream. */
export async function putBytes(
  calls: GcsCalls,
  key: string,
  body: PartBody,
  signal: AbortSignal,
): Promise<void> {
  const { name, location } = calls
  const answer = await calls.ask({
    operation: 'InsertObject',
    method: 'POST',
    path: uploadPathOf(calls),
    query: { uploadType: 'media', name: location.prefix + key },
    headers: { 'content-type': 'application/octet-stream' },
    body,
    signal,
    wantsText: true,
  })
  if (answer.status !== 200) throw calls.faultOf(answer)
  const resource = readDocument(name, answer, 'object')
  const { size } = readResource(name, resource, location.prefix)
  const isWhole = size === sizeOfBody(body) && isDigestOf(textOf(resource, 'md5Hash'), body)
  if (!isWhole) throw storeUnavailable(`${name} took other bytes than were sent.`)
}

export function uploadPathOf({ location: { bucket } }: GcsCalls): string {
  return `/upload/storage/v1/b/${bucket}/o`
}

function isDigestOf(said: string, body: PartBody): boolean {
  if (said === '' || body.kind !== 'bytes') return true
  return createHash('md5').update(body.bytes).digest('base64') === said
}

interface Related {
  readonly boundary: string
  readonly resource: object
  readonly type: string
}

function formatRelated({ boundary, resource, type }: Related, bytes: Uint8Array): Uint8Array {
  const head = `--${boundary}\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(resource)}\r\n`
  const middle = `--${boundary}\r\ncontent-type: ${type}\r\n\r\n`
  return Buffer.concat([Buffer.from(head + middle), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
}
