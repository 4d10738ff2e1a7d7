/**
 * The same bytes, the last of them held back until `release` has settled: a store that has not got every byte has stored nothing, so
 * that what `release` throws leaves nothing behind.
 */

export interface HeldBody {
  readonly body: AsyncIterable<Uint8Array>
  /** What ended it early: a store may say that in words of its own. */
  readonly failure: () => { readonly error: unknown } | null
}

/** Nothing is read before this is read; of an empty body `release` settles before the store is asked at all. */
export async function holdBack(
  source: AsyncIterable<Uint8Array>,
  release: () => Promise<void>,
): Promise<HeldBody> {
  const chunks = source[Symbol.asyncIterator]()
  let failure: { readonly error: unknown } | null = null

  async function next(): Promise<Uint8Array | null> {
    for (;;) {
      const { value, done } = await chunks.next()
      if (done === true) return null
      if (value.length > 0) return value
    }
  }

  async function* pass(first: Uint8Array): AsyncGenerator<Uint8Array> {
    let isOver = false
    try {
      let held = first
      for (let later = await next(); later !== null; later = await next()) {
        yield held
        held = later
      }
      await release()
      isOver = true
      yield held
    } catch (error) {
      failure = { error }
      throw error
    } finally {
      if (!isOver) await chunks.return?.()
    }
  }

  const first = await next()
  if (first === null) {
    await release()
    return { body: nothing(), failure: () => null }
  }
  return { body: pass(first), failure: () => failure }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
