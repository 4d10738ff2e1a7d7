/** Many things at once, but no more than the machine has processors. */
import { availableParallelism } from 'node:os'

/** Begins them in order. Rejects with the first that fails. */
export async function inLanes<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const work = async (): Promise<void> => {
    for (const item of left) await act(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
}
