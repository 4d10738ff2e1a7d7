/**
 * Writes one blob. Every writer leaves a random mark with it: where the answer of the store was lost, or says that something is there already,
 * the mark tells whether that is what was written here.
 */
import { StoreError, isConflict, storeUnavailable } from '../../platform/store-errors.ts'
import type { Random } from '../../platform/random.ts'
import type { ObjectStore, StoredHeaders } from '../../stores/object-store.ts'
import type { BlobWriteOptions } from '../blob-store.ts'
import { LONGEST_WRITE_MS } from './upload-time.ts'

/** A name in the metadata of the object, in letters alone: not every store takes dashes. */
const MARK = 'writemark'

export interface StoredWriting {
  readonly key: string
  readonly body: AsyncIterable<Uint8Array>
  readonly options: BlobWriteOptions
}

interface Written {
  readonly mark: string
  readonly size: number
}

/** Resolves to the number of bytes, once the store says of the object that it is there and whole. */
export async function writeStoredBlob(
  store: ObjectStore,
  random: Random,
  { key, body, options }: StoredWriting,
): Promise<number> {
  const mark = Buffer.from(random.bytes(16)).toString('hex')
  const counted = countBytes(body)
  const beganAt = performance.now()
  try {
    await store.write(key, counted.body, {
      size: options.size,
      headers: headersWith(mark),
      condition: { kind: 'absent' },
      signal: options.signal,
    })
  } catch (error) {
    const written = { mark, size: counted.size() }
    if (!(await settleFailure(store, key, written, error))) throw error
  }
  await requireWhole(store, key, { mark, size: counted.size() })
  if (performance.now() - beganAt < LONGEST_WRITE_MS) return counted.size()
  await removeOwn(store, key, mark).catch(() => undefined)
  throw storeUnavailable('A write took so long that what it wrote may be taken for left over.')
}

/**
 * Whether a write that failed happened all the same. What nobody knows about is taken away: nothing is to be left of a write that
 * was not acknowledged.
 */
async function settleFailure(
  store: ObjectStore,
  key: string,
  { mark, size }: Written,
  error: unknown,
): Promise<boolean> {
  if (isConflict(error)) {
    const head = await store.stat(key)
    return head?.metadata[MARK] === mark && head.size === size
  }
  const removed = removeOwn(store, key, mark).catch(() => undefined)
  // A store that does not answer is not waited for once more: what it may have is found as an orphan.
  if (!(error instanceof StoreError)) await removed
  return false
}

async function requireWhole(store: ObjectStore, key: string, written: Written): Promise<void> {
  const head = await store.stat(key)
  if (head?.metadata[MARK] === written.mark && head.size === written.size) return
  await removeOwn(store, key, written.mark).catch(() => undefined)
  const found = head === null ? 'nothing' : `${head.size} bytes`
  throw storeUnavailable(
    `${store.name} took a blob of ${written.size} bytes and has ${found} in its place.`,
  )
}

/** Never what somebody else wrote under the same id. */
async function removeOwn(store: ObjectStore, key: string, mark: string): Promise<void> {
  const head = await store.stat(key)
  if (head?.metadata[MARK] === mark) await store.delete(key)
}

function headersWith(mark: string): StoredHeaders {
  return {
    contentType: 'application/octet-stream',
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: null,
    cacheControl: null,
    metadata: { [MARK]: mark },
  }
}

interface Counted {
  readonly body: AsyncIterable<Uint8Array>
  readonly size: () => number
}

function countBytes(body: AsyncIterable<Uint8Array>): Counted {
  let size = 0
  async function* passing(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      size += chunk.length
      yield chunk
    }
  }
  return { body: passing(), size: () => size }
}
