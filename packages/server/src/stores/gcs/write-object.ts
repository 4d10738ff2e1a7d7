/** Writes objects: in one request what is small, anything larger in chunks. */
import type { StoredObject, WriteOptions } from '../object-store.ts'
import { partBytes } from '../send/part-sizes.ts'
import { sendInParts } from '../send/send-in-parts.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { GcsCalls } from './gcs-calls.ts'
import { putObject } from './put-object.ts'
import { abortSession, beginSession, endSession, sendChunk } from './resumable.ts'
import type { Session } from './resumable.ts'

/** Chunks are as large as parts of other stores, though there may be any number of them. */
const MAX_CHUNKS = 10_000

export function writeObject(
  calls: GcsCalls,
  { key, body }: { readonly key: string; readonly body: AsyncIterable<Uint8Array> },
  options: WriteOptions,
): Promise<StoredObject> {
  const { signal, size } = options
  let session: Session | null = null
  let position = 0
  const begun = (): Session => {
    if (session !== null) return session
    throw storeUnavailable(`${calls.name}: an upload was not begun.`)
  }
  return sendInParts<number, StoredObject>(body, signal, {
    partBytes: (number) => partBytes(number, size, MAX_CHUNKS),
    sendWhole: (bytes) => putObject(calls, key, bytes, options),
    async begin() {
      session = await beginSession(calls, key, options)
      return session.path
    },
    async sendPart(_uploadId, _number, bytes) {
      await sendChunk(calls, begun(), { start: position, bytes, signal })
      position += bytes.length
      return position
    },
    complete: () => endSession(calls, begun(), position, signal),
    abort: () => abortSession(calls, begun()),
  })
}
