/** The body of a request on its way to a store, in slices, with a watch that runs whenever it is the store's turn. */
import { Readable } from 'node:stream'

/** Bytes at hand can be sent again; those of a stream pass once. */
export type CallBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'stream'
      readonly chunks: AsyncIterable<Uint8Array>
      readonly size: number
    }

export const NO_BODY: CallBody = { kind: 'none' }

const SLICE_BYTES = 256 * 1024

export interface SendingBody {
  readonly stream: Readable | null
  /** Set when it was the store's turn for too long: take slices, or answer after the last. */
  readonly stalled: AbortSignal
  /** Why there were no more chunks to send; `null`: they came. */
  readonly failure: () => { readonly reason: unknown } | null
  /** The answer has come, or nobody waits for it any more. */
  done(): void
}

export function createSendingBody(body: CallBody, patienceMs: number): SendingBody {
  const stalled = new AbortController()
  let timer: NodeJS.Timeout | null = null
  let failure: { readonly reason: unknown } | null = null
  const isTurnOfStore = (is: boolean): void => {
    if (timer !== null) clearTimeout(timer)
    timer = is ? setTimeout(() => stalled.abort(), patienceMs) : null
  }
  async function* slices(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const iterator = chunks[Symbol.asyncIterator]()
    // What is thrown in at a `yield` is the connection's failure, and not that of the chunks.
    const next = (): Promise<IteratorResult<Uint8Array>> =>
      iterator.next().catch((error: unknown) => {
        failure = { reason: error }
        throw error
      })
    try {
      for (;;) {
        isTurnOfStore(false)
        const { done, value } = await next()
        isTurnOfStore(true)
        if (done === true) return
        if (value.length > 0) yield value
      }
    } finally {
      // Not awaited: chunks that wait for the next one answer only after it.
      iterator.return?.().catch(() => undefined)
    }
  }
  isTurnOfStore(true)
  return {
    stream:
      body.kind === 'none'
        ? null
        : Readable.from(slices(body.kind === 'bytes' ? sliced(body.bytes) : body.chunks), {
            objectMode: false,
          }),
    stalled: stalled.signal,
    failure: () => failure,
    done: () => isTurnOfStore(false),
  }
}

export function sizeOfBody(body: CallBody): number {
  return body.kind === 'none' ? 0 : body.kind === 'bytes' ? body.bytes.length : body.size
}

async function* sliced(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES)
}
