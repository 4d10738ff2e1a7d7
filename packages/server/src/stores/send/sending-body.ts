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
  async function* slices(
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    isTurnOfStore(false)
    try {
      for await (const chunk of chunks) {
        if (chunk.length === 0) continue
        isTurnOfStore(true)
        yield chunk
        isTurnOfStore(false)
      }
      isTurnOfStore(true)
    } catch (error) {
      failure = { reason: error }
      throw error
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

function* sliced(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES)
}
