/** Writing what is collected in memory: one write at a time, and none of nothing. */

/** The flush of a collection: resolves when what it held is written, also what a flush under way has left. */
export function flushInTurn(
  isEmpty: () => boolean,
  write: () => Promise<void>,
): () => Promise<void> {
  let flushing: Promise<void> | null = null
  return async () => {
    if (flushing !== null) await flushing
    if (isEmpty()) return
    flushing = write().finally(() => {
      flushing = null
    })
    await flushing
  }
}
