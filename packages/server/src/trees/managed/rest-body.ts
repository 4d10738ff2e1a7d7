/**
 * Brings a body to rest before anything speaks of it: in memory for the catalog if it is small, else as a blob. A blob nobody
 * will speak of is taken away again.
 */
import { createHash } from 'node:crypto'
import type { NewContent } from '../../catalog/catalog.ts'
import { createOrderedId } from '../../platform/ids.ts'
import type { ManagedStores } from './stores.ts'

export interface RestingBody {
  readonly content: NewContent
  /** Only when it is certain that nothing refers to it. */
  discard(): Promise<void>
}

export interface BodyToRest {
  readonly body: AsyncIterable<Uint8Array>
  /** Announced; `null` if nobody said. */
  readonly size: number | null
  readonly signal: AbortSignal
  /** Nobody else says what the bytes hash to. */
  readonly hashes?: boolean
}

/** Bodies up to this rest in the catalog, where one group commit makes many of them durable at once. */
export const INLINE_BYTES: number = 32 * 1024

export async function restBody(
  { blobs, clock, random }: Pick<ManagedStores, 'blobs' | 'clock' | 'random'>,
  { body, size, signal, hashes }: BodyToRest,
): Promise<RestingBody> {
  const contentId = createOrderedId(clock, random, '')
  const head = await takeHead(body)
  if (head.rest === null) {
    const content: NewContent = { kind: 'inline', contentId, bytes: head.bytes }
    return { content, discard: () => Promise.resolve() }
  }
  const hash = hashes === true ? createHash('sha256') : null
  const bytes = chain(head.bytes, head.rest, (chunk) => hash?.update(chunk))
  const written = await blobs.write(contentId, bytes, { size, signal })
  const known = hash === null ? {} : { sha256: hash.digest('base64') }
  return {
    content: { kind: 'blob', contentId, size: written, ...known },
    // What cannot be deleted now is found by the orphan job: nothing refers to it.
    discard: () => blobs.delete(contentId).catch(() => undefined),
  }
}

/** The hash of a blob is what it is read against; what lies in the catalog needs none. */
export function withHash(content: NewContent, sha256: string): NewContent {
  return content.kind === 'blob' ? { ...content, sha256 } : content
}

interface BodyHead {
  readonly bytes: Uint8Array
  /** What follows; `null` if the body ended within the inline limit. */
  readonly rest: AsyncIterator<Uint8Array> | null
}

/** Reads until the body ends or outgrows what may rest in the catalog. */
async function takeHead(body: AsyncIterable<Uint8Array>): Promise<BodyHead> {
  const iterator = body[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let size = 0
  while (size <= INLINE_BYTES) {
    const next = await iterator.next()
    if (next.done === true) return { bytes: join(chunks, size), rest: null }
    chunks.push(next.value)
    size += next.value.length
  }
  return { bytes: join(chunks, size), rest: iterator }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks
  // A chunk is a view into a pooled buffer that the socket reuses for nothing else; one copy frees the pool.
  return chunks.length === 1 && only !== undefined
    ? Uint8Array.from(only)
    : Buffer.concat(chunks, size)
}

async function* chain(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  look: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  try {
    look(head)
    yield head
    for (;;) {
      const next = await rest.next()
      if (next.done === true) return
      look(next.value)
      yield next.value
    }
  } finally {
    await rest.return?.()
  }
}
