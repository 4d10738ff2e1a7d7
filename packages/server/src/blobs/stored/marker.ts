/**
 * What lies beside the blobs and says whose they are: an installation that took another's for orphans would delete them.
 */
import { isConflict, storeUnavailable } from '../../platform/store-errors.ts'
import type { BlobReader } from '../blob-store.ts'
import type { ObjectStore, StoredHeaders } from '../../stores/object-store.ts'

export const MARKER = 'hallpass.json'

const MOST_BYTES = 4096
const HEADERS: StoredHeaders = {
  contentType: 'application/json',
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
  cacheControl: null,
  metadata: {},
}

/** The installation whose blobs lie there; `null`: nobody's do. */
export async function readMarker(store: ObjectStore): Promise<string | null> {
  const { signal } = new AbortController()
  const opened = await store.open(MARKER, { range: null, etag: null, signal })
  if (opened === null) return null
  const said = parse(await readText(opened.reader))
  if (said !== null) return said
  throw storeUnavailable(`${store.name} has a ${MARKER} that is not Hallpass's.`)
}

/** The installation whose blobs lie there from now on: of several that ask at once, one. */
export async function writeMarker(store: ObjectStore, installation: string): Promise<string> {
  const { signal } = new AbortController()
  const text = Buffer.from(`${JSON.stringify({ installation })}\n`)
  const options = { size: text.length, headers: HEADERS, signal }
  try {
    await store.write(MARKER, once(text), { ...options, condition: { kind: 'absent' } })
  } catch (error) {
    if (!isConflict(error)) throw error
  }
  const found = await readMarker(store)
  if (found !== null) return found
  throw storeUnavailable(`${store.name} took ${MARKER} and has not got it.`)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}

async function readText(reader: BlobReader): Promise<string> {
  const buffer = Buffer.alloc(MOST_BYTES)
  let size = 0
  try {
    for (;;) {
      const count = size < MOST_BYTES ? await reader.readInto(buffer.subarray(size)) : 0
      if (count === 0) return buffer.toString('utf8', 0, size)
      size += count
    }
  } finally {
    await reader.close()
  }
}

function parse(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text)
    const isMarker = typeof value === 'object' && value !== null && 'installation' in value
    return isMarker && typeof value.installation === 'string' ? value.installation : null
  } catch {
    return null
  }
}
