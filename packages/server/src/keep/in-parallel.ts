/** Does something for each of many, several at a time, and gives what came of each as it comes. The first failure ends it. */
export async function* inParallel<Item, Result>(
  items: AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running = new Set<Promise<void>>()
  const ended: Result[] = []
  const failures: unknown[] = []
  async function follow(item: Item): Promise<void> {
    try {
      ended.push(await work(item))
    } catch (error) {
      failures.push(error)
    }
  }
  try {
    for await (const item of items) {
      const task: Promise<void> = follow(item).finally(() => running.delete(task))
      running.add(task)
      if (running.size >= most) await Promise.race(running)
      if (failures.length > 0) break
      yield* ended.splice(0)
    }
  } finally {
    await Promise.all(running)
  }
  if (failures.length > 0) throw failures[0]
  yield* ended.splice(0)
}
