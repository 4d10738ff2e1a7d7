/** Does something for each of many, several at a time, and gives what came of each as it comes. The first failure ends it. */
export async function* inParallel<Item, Result>(
  items: AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running = new Set<Promise<Result>>()
  const ended: Result[] = []
  const failures: unknown[] = []
  function begin(item: Item): void {
    const task = work(item)
    running.add(task)
    task.then(
      (result) => {
        ended.push(result)
        running.delete(task)
      },
      (error: unknown) => {
        failures.push(error)
        running.delete(task)
      },
    )
  }
  try {
    for await (const item of items) {
      begin(item)
      if (running.size >= most) await Promise.allSettled([Promise.race(running)])
      if (failures.length > 0) break
      yield* ended.splice(0)
    }
  } finally {
    await Promise.allSettled(running)
  }
  if (failures.length > 0) throw failures[0]
  yield* ended.splice(0)
}
