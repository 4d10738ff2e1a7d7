/**
 * Uploads of one object in chunks, one after the other. Where the answer to a chunk was lost the store is asked how much it has, and is sent what it
 * has not: a chunk is never sent twice in the belief that it does not matter.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { isUnavailable, storeUnavailable } from '../../platform/store-errors.ts'
import type { StoreError } from '../../platform/store-errors.ts'
import type { StoredHead, WriteOptions } from '../object-store.ts'
import { backOff } from '../send/back-off.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import type { GcsCalls } from './gcs-calls.ts'
import {
  JSON_TYPE,
  conditionQuery,
  jsonBody,
  mediaTypeOf,
  readDocument,
  readResource,
  resourceOf,
} from './gcs-documents.ts'
import { uploadPathOf } from './put-object.ts'

/** All chunks but the last have a multiple of this. */
export const CHUNK_UNIT_BYTES: number = 256 * 1024
const ATTEMPTS = 4

export interface Session {
  /** Behind the endpoint, with its query: whatever host the store names, it is asked where it is known to be. */
  readonly path: string
  readonly contentType: string
}

export async function beginSession(
  calls: GcsCalls,
  key: string,
  { headers, condition, signal }: Pick<WriteOptions, 'headers' | 'condition' | 'signal'>,
): Promise<Session> {
  const { name, location } = calls
  const contentType = mediaTypeOf(headers)
  const answer = await calls.ask({
    operation: 'StartResumableUpload',
    method: 'POST',
    path: uploadPathOf(calls),
    query: { uploadType: 'resumable', name: location.prefix + key, ...conditionQuery(condition) },
    headers: { ...JSON_TYPE, 'x-upload-content-type': contentType },
    body: jsonBody({ ...resourceOf(headers), name: location.prefix + key }),
    signal,
    wantsText: true,
  })
  if (answer.status !== 200 && answer.status !== 201) throw calls.faultOf(answer)
  const { pathname = '', search = '' } = URL.parse(answer.header('location') ?? '') ?? {}
  if (pathname === uploadPathOf(calls) && search !== '') {
    return { path: pathname + search, contentType }
  }
  throw storeUnavailable(`${name} begins an upload and does not say where it goes on.`)
}

export interface Chunk {
  /** Of its first byte in the object. */
  readonly start: number
  readonly bytes: Uint8Array
  readonly signal: AbortSignal
}

export async function sendChunk(
  calls: GcsCalls,
  session: Session,
  { start, bytes, signal }: Chunk,
): Promise<void> {
  const end = start + bytes.length
  let position = start
  for (let attempt = 1; position < end; attempt += 1) {
    try {
      const rest = bytes.subarray(position - start)
      position = positionOf(
        calls,
        await putChunk(calls, session, { start: position, bytes: rest, signal }),
      )
    } catch (error) {
      signal.throwIfAborted()
      const isTransient = isUnavailable(error)
      if (!isTransient || attempt >= ATTEMPTS) throw error
      await sleep(backOff(calls.random, attempt, null) ?? 0)
      position = positionOf(calls, await askPosition(calls, session, signal))
    }
    if (position < start || position > end) throw lost(calls)
    if (attempt >= ATTEMPTS && position < end) throw lost(calls)
  }
}

function putChunk(
  calls: GcsCalls,
  { path, contentType }: Session,
  { start, bytes, signal }: Chunk,
): Promise<StoreAnswer> {
  return calls.ask({
    operation: 'ResumeUpload',
    method: 'PUT',
    path,
    headers: {
      'content-type': contentType,
      'content-range': `bytes ${start}-${start + bytes.length - 1}/*`,
    },
    body: { kind: 'stream', chunks: once(bytes), size: bytes.length },
    signal,
    wantsText: true,
  })
}

function askPosition(
  calls: GcsCalls,
  { path, contentType }: Session,
  signal: AbortSignal,
): Promise<StoreAnswer> {
  return calls.ask({
    operation: 'QueryUpload',
    method: 'PUT',
    path,
    headers: { 'content-type': contentType, 'content-range': 'bytes */*' },
    signal,
    wantsText: true,
  })
}

/** How many bytes the store has. */
function positionOf(calls: GcsCalls, answer: StoreAnswer): number {
  if (answer.status !== 308) throw calls.faultOf(answer)
  const range = answer.header('range')
  if (range === null) return 0
  const [, last] = /^bytes=0-(\d{1,15})$/.exec(range) ?? []
  if (last === undefined) throw lost(calls)
  return Number(last) + 1
}

/** Asked again, it says the same. */
export async function endSession(
  calls: GcsCalls,
  { path, contentType }: Session,
  size: number,
  signal: AbortSignal,
): Promise<StoredHead> {
  const { name, location } = calls
  const answer = await calls.ask({
    operation: 'ResumeUpload',
    method: 'PUT',
    path,
    headers: { 'content-type': contentType, 'content-range': `bytes */${size}` },
    signal,
    wantsText: true,
  })
  if (answer.status !== 200 && answer.status !== 201) throw calls.faultOf(answer)
  const head = readResource(name, readDocument(name, answer, 'object'), location.prefix)
  if (head.size === size) return head
  throw storeUnavailable(`${name} has ${head.size} bytes of an object of ${size}.`)
}

export async function abortSession(calls: GcsCalls, { path }: Session): Promise<void> {
  await calls.ask({ operation: 'CancelUpload', method: 'DELETE', path, wantsText: true })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_UNIT_BYTES) {
    yield await Promise.resolve(bytes.subarray(at, at + CHUNK_UNIT_BYTES))
  }
}

function lost({ name }: GcsCalls): StoreError {
  return storeUnavailable(`${name} does not have what was sent of an object.`)
}
