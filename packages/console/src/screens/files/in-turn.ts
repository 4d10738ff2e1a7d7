const AT_ONCE = 4

export interface Turns {
  /** With how many are done. */
  readonly onDone?: (done: number) => void
  /** No further one is begun. */
  readonly signal?: AbortSignal
}

/** Does something with each, a few at a time. Rejects with the first failure, once nothing is under way any more. */
export async function inTurn<Item>(
  items: Iterable<Item>,
  act: (item: Item) => Promise<unknown>,
  { onDone, signal }: Turns = {},
): Promise<void> {
  const waiting = [...items][Symbol.iterator]()
  let hasFailed = false
  let done = 0
  const work = async (): Promise<void> => {
    for (;;) {
      const next = hasFailed || signal?.aborted === true ? null : waiting.next()
      if (next === null || next.done === true) return
      try {
        await act(next.value)
      } catch (error) {
        hasFailed = true
        throw error
      }
      done += 1
      onDone?.(done)
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
