/**
 * Contestants that do the same work take turns, round after round, within one process: a machine that is busy
 * for a while is then busy for everybody, and what counts is the ratio in one run, never the rate alone.
 */

/** One way of doing an operation. */
export interface Contestant {
  readonly name: string
  /** Does the work once, or `worksACall` times. */
  readonly run: () => unknown
  /** True if `run` returns a promise that has to be waited for. */
  readonly isAsync?: boolean
}

/** Contestants to be compared, one of them being the measure of the others. */
export interface Operation {
  readonly name: string
  readonly contestants: readonly Contestant[]
  /** The name of the contestant that ratios are to. */
  readonly reference: string
}

/** One line of the results. Rates are a second; spread is that between the quartiles, as part of the median. */
export interface Row {
  readonly operation: string
  readonly contestant: string
  readonly medianRate: number
  readonly ratio: number
  readonly spread: number
}

export interface RoundOptions {
  readonly rounds: number
  readonly roundMs: number
}

/** Runs the rounds of one operation. Ratios are medians of the ratios within each round. */
export async function measure(operation: Operation, options: RoundOptions): Promise<Row[]> {
  const rates = new Map<string, number[]>()
  for (const contestant of operation.contestants) {
    rates.set(contestant.name, [])
    // Warm, so that the first round is like the others.
    await rateOf(contestant, options.roundMs)
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const contestant of turn(operation.contestants, round)) {
      rates.get(contestant.name)?.push(await rateOf(contestant, options.roundMs))
    }
  }
  const reference = rates.get(operation.reference) ?? []
  return operation.contestants.map(({ name }) => {
    const own = rates.get(name) ?? []
    return {
      operation: operation.name,
      contestant: name,
      medianRate: median(own),
      ratio: median(own.map((rate, round) => rate / (reference[round] ?? Number.NaN))),
      spread: (quantile(own, 0.75) - quantile(own, 0.25)) / median(own),
    }
  })
}

/** The list beginning with another one each round, so that nobody always runs after the same neighbour. */
function turn<Item>(items: readonly Item[], round: number): readonly Item[] {
  const start = round % Math.max(items.length, 1)
  return [...items.slice(start), ...items.slice(0, start)]
}

const CALLS_BETWEEN_CLOCKS = 64

async function rateOf({ isAsync, run }: Contestant, ms: number): Promise<number> {
  const start = performance.now()
  let calls = 0
  let elapsed = 0
  while (elapsed < ms) {
    if (isAsync === true) {
      await run()
      calls += 1
    } else {
      for (let index = 0; index < CALLS_BETWEEN_CLOCKS; index += 1) run()
      calls += CALLS_BETWEEN_CLOCKS
    }
    elapsed = performance.now() - start
  }
  return (calls * 1000) / elapsed
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * part
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}
