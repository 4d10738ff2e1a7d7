/** Looks at objects and reads them. */
import type { Readable } from 'node:stream'
import { storeConflict, storeCorrupt } from '../../platform/store-errors.ts'
import type { ByteRange } from '../../blobs/blob-store.ts'
import type { ObjectStore, ReadOptions, StoredHead } from '../object-store.ts'
import { createAnswerReader } from '../send/answer-reader.ts'
import { dropBody } from '../send/store-answer.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import type { S3Calls } from './s3-calls.ts'
import { readHead } from './s3-headers.ts'

/** `null` if there is no such object. */
export async function statObject(calls: S3Calls, key: string): Promise<StoredHead | null> {
  const answer = await calls.ask({ operation: 'HeadObject', method: 'HEAD', key })
  // No body comes with it, so that nobody can tell a missing object from a missing bucket.
  if (answer.status === 404) return null
  if (answer.status !== 200) throw calls.faultOf(answer)
  dropBody(answer.body)
  return readHead(key, wholeNumber(calls.name, answer.header('content-length')), answer)
}

export async function openObject(
  calls: S3Calls,
  key: string,
  options: ReadOptions,
): ReturnType<ObjectStore['open']> {
  const { range, signal } = options
  const answer = await get(calls, key, options)
  if (isAbsent(answer)) return null
  const { size, body } = readFrom(calls, answer, range)
  const head = readHead(key, size, answer)
  const end = range === null ? size : range.end + 1
  const reopen = async (start: number): Promise<Readable> => {
    const rest = { range: { start, end: end - 1 }, etag: head.etag, signal }
    const again = await get(calls, key, rest)
    if (isAbsent(again)) throw storeCorrupt(`${calls.name}: the object went while it was read.`)
    return readFrom(calls, again, rest.range).body
  }
  const start = range?.start ?? 0
  const reader = createAnswerReader({ store: calls.name, start, end, body, reopen, signal })
  return { head, reader }
}

function get(
  calls: S3Calls,
  key: string,
  { range, etag, signal }: ReadOptions,
): Promise<StoreAnswer> {
  const headers: Record<string, string> = {}
  if (range !== null) headers['range'] = `bytes=${range.start}-${range.end}`
  if (etag !== null) headers['if-match'] = `"${etag}"`
  return calls.ask({ operation: 'GetObject', method: 'GET', key, headers, signal })
}

function isAbsent({ status, code }: StoreAnswer): boolean {
  return status === 404 && (code === null || code === 'NoSuchKey' || code === 'NoSuchVersion')
}

/** The size of the whole object, and the bytes that were asked for, if the answer has exactly those. */
function readFrom(
  calls: S3Calls,
  answer: StoreAnswer,
  range: ByteRange | null,
): { readonly size: number; readonly body: Readable } {
  const { status, body } = answer
  if (status === 412) throw storeConflict(`${calls.name}: the object is another one by now.`)
  if (status === 416) throw storeCorrupt(`${calls.name}: an object is shorter than it was.`)
  if (status !== 200 && status !== 206) throw calls.faultOf(answer)
  try {
    return { size: sizeOf(calls, answer, range), body }
  } catch (error) {
    dropBody(body)
    throw error
  }
}

function sizeOf(
  { name }: S3Calls,
  { status, header }: StoreAnswer,
  range: ByteRange | null,
): number {
  const length = wholeNumber(name, header('content-length'))
  if (range === null) {
    if (status === 200) return length
    throw storeCorrupt(`${name} answered with a part in place of the whole.`)
  }
  const said = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header('content-range') ?? '')
  const [start, end, size] = (said ?? []).slice(1).map(Number)
  const isAsked = start === range.start && end === range.end && length === end - start + 1
  if (status === 206 && isAsked && size !== undefined) return size
  throw storeCorrupt(`${name} answered with other bytes than those that were asked for.`)
}

function wholeNumber(store: string, text: string | null): number {
  if (text !== null && /^\d{1,15}$/.test(text)) return Number(text)
  throw storeCorrupt(`${store} does not say how long an object is.`)
}
