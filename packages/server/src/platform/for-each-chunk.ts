/** Takes the chunks of a body as they come. */

/** Stops at the abort even if the body never yields again. */
export async function forEachChunk(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  take: (chunk: Uint8Array) => Promise<void> | undefined,
): Promise<void> {
  const iterator = body[Symbol.asyncIterator]()
  const gate = createAbortGate(signal)
  try {
    for (;;) {
      const next = await gate.orAborted(iterator.next())
      if (next.done === true) return
      await take(next.value)
    }
  } catch (error) {
    // Not awaited: a body that waits for its next chunk answers only after it.
    iterator.return?.().catch(() => undefined)
    throw error
  } finally {
    gate.close()
  }
}

interface AbortGate {
  orAborted<Result>(promise: Promise<Result>): Promise<Result>
  close(): void
}

/** One listener for a whole body: `Promise.race` with a long-lived promise would keep every round's closure. */
function createAbortGate(signal: AbortSignal): AbortGate {
  let abort: (reason: unknown) => void = () => undefined
  const onAbort = (): void => abort(signal.reason)
  signal.addEventListener('abort', onAbort)
  return {
    orAborted: (promise) =>
      new Promise((resolve, reject) => {
        abort = reject
        promise.then(resolve, reject)
        if (signal.aborted) onAbort()
      }),
    close: () => signal.removeEventListener('abort', onAbort),
  }
}
