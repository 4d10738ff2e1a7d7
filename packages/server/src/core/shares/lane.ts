/** Work of which so much is done at a time, and the rest in its turn. */
import { storeUnavailable } from '../../platform/store-errors.ts'

/** Throws a `StoreError` where too much waits already. */
export type Lane = <Result>(work: () => Promise<Result>) => Promise<Result>

export function createLane(atOnce: number, mostWaiting: number): Lane {
  const waiting: (() => void)[] = []
  let running = 0

  async function enter(): Promise<void> {
    if (running < atOnce) running += 1
    else if (waiting.length < mostWaiting) {
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else throw storeUnavailable('Too much is waiting for its turn already.')
  }

  /** Whoever waits takes the place that is left. */
  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }

  return async (work) => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
