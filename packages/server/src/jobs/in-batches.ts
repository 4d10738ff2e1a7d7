/** Work that is done a bit at a time, so that no request waits long behind it. */

export interface Batches {
  /** Ends the work between two batches. */
  readonly signal: AbortSignal
  /** The most that one step takes on. */
  readonly size: number
}

/** Repeats a step until it finds less than a whole batch; resolves to how many it found in all. */
export async function inBatches(
  { signal, size }: Batches,
  step: (limit: number) => Promise<number>,
): Promise<number> {
  let total = 0
  while (!signal.aborted) {
    const count = await step(size)
    total += count
    if (count < size) break
  }
  return total
}
