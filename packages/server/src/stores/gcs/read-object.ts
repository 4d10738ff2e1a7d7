/** Looks at objects and reads them. The answer with the bytes does not say all that is kept with them, so the head is asked for first. */
import { storeConflict, storeCorrupt } from '../../platform/store-errors.ts'
import type { ObjectStore, ReadOptions, StoredHead } from '../object-store.ts'
import { openObject } from '../send/open-object.ts'
import { dropBody } from '../send/store-answer.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import { pathOfObject } from './gcs-calls.ts'
import type { GcsCalls } from './gcs-calls.ts'
import { readDocument, readResource, textOf } from './gcs-documents.ts'
import { isAbsentObject } from './gcs-faults.ts'

/** `null` if there is no such object. */
export async function statObject(
  calls: GcsCalls,
  key: string,
  signal?: AbortSignal,
): Promise<StoredHead | null> {
  return (await statWithDigests(calls, key, signal))?.head ?? null
}

/** In base64; empty where the store does not know it, as the MD5 of what is put together of others. */
export interface Digests {
  readonly md5Hash: string
  readonly crc32c: string
}

export interface HeadWithDigests {
  readonly head: StoredHead
  readonly digests: Digests
}

export async function statWithDigests(
  calls: GcsCalls,
  key: string,
  signal?: AbortSignal,
): Promise<HeadWithDigests | null> {
  const { name, location } = calls
  const path = pathOfObject(location, key)
  const answer = await calls.ask({
    operation: 'GetObjectMetadata',
    method: 'GET',
    path,
    wantsText: true,
    signal,
  })
  if (isAbsentObject(answer)) return null
  if (answer.status !== 200) throw calls.faultOf(answer)
  const resource = readDocument(name, answer, 'object')
  const digests = { md5Hash: textOf(resource, 'md5Hash'), crc32c: textOf(resource, 'crc32c') }
  return { head: readResource(name, resource, location.prefix), digests }
}

export async function openGcsObject(
  calls: GcsCalls,
  key: string,
  options: ReadOptions,
): ReturnType<ObjectStore['open']> {
  const { signal, etag, range } = options
  const head = await statObject(calls, key, signal)
  if (head === null) return null
  if (etag !== null && etag !== head.etag) throw changed(calls)
  return openObject(
    {
      calls,
      get: ({ range: wanted }) => getBytes(calls, head, { range: wanted, signal }),
      isAbsent: isAbsentObject,
      headOf(size) {
        if (size === head.size) return head
        throw storeCorrupt(`${calls.name} says of an object two sizes.`)
      },
    },
    { range, etag: head.etag, signal },
  )
}

/** Of the very generation that was looked at; not every server compares it. */
async function getBytes(
  calls: GcsCalls,
  { key, etag }: StoredHead,
  { range, signal }: Pick<ReadOptions, 'range' | 'signal'>,
): Promise<StoreAnswer> {
  const answer = await calls.ask({
    operation: 'GetObject',
    method: 'GET',
    path: pathOfObject(calls.location, key),
    query: { alt: 'media', ifGenerationMatch: etag },
    headers: {
      // Without it what was stored compressed would come as something else, whose size nobody knows.
      'accept-encoding': 'gzip',
      ...(range !== null && { range: `bytes=${range.start}-${range.end}` }),
    },
    signal,
  })
  const isSuccess = answer.status === 200 || answer.status === 206
  if (!isSuccess || (answer.header('x-goog-generation') ?? etag) === etag) return answer
  dropBody(answer.body)
  throw changed(calls)
}

function changed({ name }: GcsCalls): Error {
  return storeConflict(`${name}: the object is another one by now.`)
}
