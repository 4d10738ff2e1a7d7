/** Cuts a body into pieces, and takes one that breaks off for ended: what came of it is kept. */

export interface Pieces {
  /** The next piece, of at most so many bytes; `null` when nothing more comes. It must be read to its end before the next one. */
  next(maxBytes: number): Promise<AsyncIterable<Uint8Array> | null>
  /** What broke it off; `null` for one that came whole, or has not ended. */
  fault(): Error | null
  close(): Promise<void>
}

export function cutBody(body: AsyncIterable<Uint8Array>): Pieces {
  const chunks = body[Symbol.asyncIterator]()
  let waiting: Uint8Array | null = null
  let isOver = false
  let broken: Error | null = null

  async function take(): Promise<Uint8Array | null> {
    const kept = waiting
    waiting = null
    if (kept !== null || isOver) return kept
    try {
      const next = await chunks.next()
      if (next.done !== true) return next.value.length === 0 ? await take() : next.value
    } catch (error) {
      broken = error instanceof Error ? error : new Error('The body broke off.', { cause: error })
    }
    isOver = true
    return null
  }

  async function* piece(first: Uint8Array, maxBytes: number): AsyncGenerator<Uint8Array> {
    let left = maxBytes
    for (let chunk: Uint8Array | null = first; chunk !== null; chunk = await take()) {
      const part = chunk.subarray(0, left)
      if (part.length < chunk.length) waiting = chunk.subarray(part.length)
      left -= part.length
      yield part
      if (left === 0) return
    }
  }

  return {
    next: async (maxBytes) => {
      const first = await take()
      return first === null ? null : piece(first, maxBytes)
    },
    fault: () => broken,
    close: async () => {
      await chunks.return?.()
    },
  }
}
