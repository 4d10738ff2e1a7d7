/** Collects the rates of all rounds and turns them into rows: medians, ratios within a round, spread. */
import { median, quantile } from '../lib/rounds.ts'
import type { Row } from '../lib/rounds.ts'
import type { Goal, Operation } from './operations.ts'

export interface Results {
  add(operation: Operation, contestant: string, rate: number): void
  /** A ratio to a reference that took no part is not a number. */
  rows(): Row[]
  /** One line a goal whose contestants took part. */
  judge(goals: readonly Goal[]): string[]
}

export function createResults(): Results {
  const operations = new Map<string, Operation>()
  const rates = new Map<string, Map<string, number[]>>()

  /** To the slowest of the others in each round. */
  function ratio(operation: string, contestant: string, against: readonly string[]): number {
    const measured = rates.get(operation)
    const own = measured?.get(contestant) ?? []
    const others = against.map((name) => measured?.get(name) ?? [])
    return median(
      own.map((rate, round) => rate / Math.min(...others.map((at) => at[round] ?? Number.NaN))),
    )
  }

  return {
    add(operation, contestant, rate) {
      operations.set(operation.name, operation)
      const ofOperation = rates.get(operation.name) ?? new Map<string, number[]>()
      rates.set(operation.name, ofOperation)
      ofOperation.set(contestant, [...(ofOperation.get(contestant) ?? []), rate])
    },
    rows: () =>
      [...operations.values()].flatMap(({ name, reference }) =>
        Array.from(rates.get(name) ?? [], ([contestant, measured]) => ({
          operation: name,
          contestant,
          medianRate: median(measured),
          ratio: ratio(name, contestant, [reference]),
          spread: (quantile(measured, 0.75) - quantile(measured, 0.25)) / median(measured),
        })),
      ),
    judge: (goals) =>
      goals.flatMap(({ operation, contestant, against, atLeast }) => {
        const reached = ratio(operation, contestant, against)
        if (Number.isNaN(reached)) return []
        const verdict = reached >= atLeast ? 'reached' : 'NOT reached'
        const text = `${reached.toFixed(2)} x ${against.join(' or ')}, goal ${atLeast}: ${verdict}`
        return [`${operation}, ${contestant}: ${text}`]
      }),
  }
}
