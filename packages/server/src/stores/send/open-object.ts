/** Opens an object: what comes is exactly what was asked for, of the very object whose head comes with it. */
import type { Readable } from 'node:stream'
import { storeConflict, storeCorrupt } from '../../platform/store-errors.ts'
import type { ByteRange } from '../../blobs/blob-store.ts'
import type { ObjectStore, ReadOptions, StoredHead } from '../object-store.ts'
import { createAnswerReader } from './answer-reader.ts'
import type { Call, Calls } from './caller.ts'
import { dropBody } from './store-answer.ts'
import type { StoreAnswer } from './store-answer.ts'

/** How one store is asked for the bytes of one object. */
export interface ObjectAsking {
  readonly calls: Pick<Calls<Call>, 'name' | 'faultOf'>
  readonly get: (options: Pick<ReadOptions, 'range' | 'etag'>) => Promise<StoreAnswer>
  /** Whether the answer says that there is no such object. */
  readonly isAbsent: (answer: StoreAnswer) => boolean
  readonly headOf: (size: number, answer: StoreAnswer) => StoredHead
}

/** `null` if there is no such object. */
export async function openObject(
  asking: ObjectAsking,
  { range, etag, signal }: ReadOptions,
): ReturnType<ObjectStore['open']> {
  const { name: store } = asking.calls
  const answer = await asking.get({ range, etag })
  if (asking.isAbsent(answer)) return null
  const { size, body } = readFrom(asking, answer, range)
  const head = asking.headOf(size, answer)
  const end = range === null ? size : range.end + 1
  const reopen = async (start: number): Promise<Readable> => {
    const rest = { start, end: end - 1 }
    const again = await asking.get({ range: rest, etag: head.etag })
    if (asking.isAbsent(again)) throw storeCorrupt(`${store}: the object went while it was read.`)
    return readFrom(asking, again, rest).body
  }
  const start = range?.start ?? 0
  return { head, reader: createAnswerReader({ store, start, end, body, reopen, signal }) }
}

/** The size of the whole object, and the bytes that were asked for, if the answer has exactly those. */
function readFrom(
  { calls }: ObjectAsking,
  answer: StoreAnswer,
  range: ByteRange | null,
): { readonly size: number; readonly body: Readable } {
  const { status, body } = answer
  const { name: store } = calls
  if (status === 412) throw storeConflict(`${store}: the object is another one by now.`)
  if (status === 416) throw storeCorrupt(`${store}: an object is shorter than it was.`)
  if (status !== 200 && status !== 206) throw calls.faultOf(answer)
  try {
    return { size: sizeOf(store, answer, range), body }
  } catch (error) {
    dropBody(body)
    throw error
  }
}

function sizeOf(store: string, answer: StoreAnswer, range: ByteRange | null): number {
  const length = lengthOf(store, answer)
  const { status, header } = answer
  if (range === null) {
    if (status === 200) return length
    throw storeCorrupt(`${store} answered with a part in place of the whole.`)
  }
  const said = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header('content-range') ?? '')
  const [start, end, size] = (said ?? []).slice(1).map(Number)
  const isAsked = start === range.start && end === range.end && length === end - start + 1
  if (status === 206 && isAsked && size !== undefined) return size
  throw storeCorrupt(`${store} answered with other bytes than those that were asked for.`)
}

/** Of the object, or of the part of it that the answer has. */
export function lengthOf(store: string, { header }: StoreAnswer): number {
  const text = header('content-length')
  if (text !== null && /^\d{1,15}$/.test(text)) return Number(text)
  throw storeCorrupt(`${store} does not say how long an object is.`)
}
