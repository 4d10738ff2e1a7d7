/** Looks at objects and reads them. */
import type { ObjectStore, ReadOptions, StoredHead } from '../object-store.ts'
import { lengthOf, openObject } from '../send/open-object.ts'
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
  return readHead(key, lengthOf(calls.name, answer), answer)
}

export function openS3Object(
  calls: S3Calls,
  key: string,
  options: ReadOptions,
): ReturnType<ObjectStore['open']> {
  const { signal } = options
  return openObject(
    {
      calls,
      get: (wanted) => get(calls, key, { ...wanted, signal }),
      isAbsent,
      headOf: (size, answer) => readHead(key, size, answer),
    },
    options,
  )
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
