/** Collects the rates of all rounds and turns them into rows: medians, ratios within a round, spread. */
import { cpus } from 'node:os'
import type { Goal, Operation } from './operations.ts'

export interface Row {
  readonly contestant: string
  readonly operation: string
  /** Median over the rounds. */
  readonly rate: number
  readonly unit: string
  readonly reference: string
  /** Median of the ratios within each round; `null` if the reference took no part. */
  readonly ratio: number | null
  /** (largest - smallest) / median of the rates. */
  readonly spread: number
}

export interface Results {
  add(operation: Operation, contestant: string, rate: number): void
  rows(): Row[]
  /** One line a goal whose contestants took part. */
  judge(goals: readonly Goal[]): string[]
}

export function createResults(): Results {
  const operations = new Map<string, Operation>()
  const rates = new Map<string, Map<string, number[]>>()

  function ratesOf(operation: string, contestant: string): readonly number[] {
    return rates.get(operation)?.get(contestant) ?? []
  }

  function ratio(operation: string, contestant: string, against: string): number | null {
    const others = ratesOf(operation, against)
    const ratios = ratesOf(operation, contestant).flatMap((rate, round) => {
      const other = others[round]
      return other === undefined ? [] : [rate / other]
    })
    return ratios.length === 0 ? null : median(ratios)
  }

  return {
    add(operation, contestant, rate) {
      operations.set(operation.name, operation)
      const ofOperation = rates.get(operation.name) ?? new Map<string, number[]>()
      rates.set(operation.name, ofOperation)
      ofOperation.set(contestant, [...(ofOperation.get(contestant) ?? []), rate])
    },
    rows: () =>
      [...operations.values()].flatMap(({ name, unit, reference }) =>
        Array.from(rates.get(name) ?? [], ([contestant, measured]) => ({
          contestant,
          operation: name,
          rate: median(measured),
          unit,
          reference,
          ratio: ratio(name, contestant, reference),
          spread: (Math.max(...measured) - Math.min(...measured)) / median(measured),
        })),
      ),
    judge: (goals) =>
      goals.flatMap(({ operation, contestant, against, atLeast }) => {
        const reached = ratio(operation, contestant, against)
        if (reached === null) return []
        const verdict = reached >= atLeast ? 'reached' : 'NOT reached'
        const text = `${reached.toFixed(2)} x ${against}, goal ${atLeast}: ${verdict}`
        return [`${operation}, ${contestant}: ${text}`]
      }),
  }
}

export function formatRow({ contestant, operation, rate, unit, ratio, spread }: Row): string {
  const shownRatio = ratio === null ? '-' : ratio.toFixed(2)
  const columns = [
    operation.padEnd(12),
    `${Math.round(rate)} ${unit}`.padStart(18),
    shownRatio.padStart(7),
    `±${Math.round(spread * 50)} %`.padStart(7),
    contestant,
  ]
  return columns.join('  ')
}

export function describeMachine(): string {
  const [cpu] = cpus()
  return `${cpus().length} x ${cpu?.model ?? 'unknown'}, Node ${process.version}, ${process.platform}`
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
