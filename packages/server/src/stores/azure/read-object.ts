/** Looks at objects and reads them. */
import type { ObjectStore, ReadOptions, StoredHead } from '../object-store.ts'
import { lengthOf, openObject } from '../send/open-object.ts'
import { dropBody } from '../send/store-answer.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import type { AzureCalls } from './azure-calls.ts'
import { isAbsentBlob } from './azure-faults.ts'
import { readHead } from './azure-headers.ts'

/** `null` if there is no such object. */
export async function statObject(calls: AzureCalls, key: string): Promise<StoredHead | null> {
  return (await statWithMd5(calls, key))?.head ?? null
}

export interface HeadWithMd5 {
  readonly head: StoredHead
  /** In base64; `null` where the store does not know it, as of what is made of blocks. */
  readonly md5: string | null
}

export async function statWithMd5(calls: AzureCalls, key: string): Promise<HeadWithMd5 | null> {
  const answer = await calls.ask({ operation: 'GetBlobProperties', method: 'HEAD', at: { key } })
  if (isAbsentBlob(answer)) return null
  if (answer.status !== 200) throw calls.faultOf(answer)
  dropBody(answer.body)
  const head = readHead(key, lengthOf(calls.name, answer), answer)
  return { head, md5: answer.header('content-md5') }
}

export function openAzureObject(
  calls: AzureCalls,
  key: string,
  options: ReadOptions,
): ReturnType<ObjectStore['open']> {
  const { signal } = options
  return openObject(
    {
      calls,
      get: (wanted) => get(calls, key, { ...wanted, signal }),
      isAbsent: isAbsentBlob,
      headOf: (size, answer) => readHead(key, size, answer),
    },
    options,
  )
}

function get(
  calls: AzureCalls,
  key: string,
  { range, etag, signal }: ReadOptions,
): Promise<StoreAnswer> {
  const headers: Record<string, string> = {}
  if (range !== null) headers['x-ms-range'] = `bytes=${range.start}-${range.end}`
  if (etag !== null) headers['if-match'] = `"${etag}"`
  return calls.ask({ operation: 'GetBlob', method: 'GET', at: { key }, headers, signal })
}
