/** Are two lots of times two, or one? Welch's test, with the slowest left out: those are the machine's, not the code's. */
import { median, quantile } from '../lib/rounds.ts'

export interface Lot {
  readonly name: string
  readonly mean: number
  readonly median: number
}

/** The part of all times that is looked at. */
const KEPT = 0.95

/** One bound for all, so that nobody's slow ones count for less. */
export function findBound(lots: readonly (readonly number[])[]): number {
  return quantile(lots.flat(), KEPT)
}

export function describeLot(name: string, times: readonly number[], bound: number): Lot {
  const kept = times.filter((time) => time <= bound)
  return { name, mean: meanOf(kept), median: median(kept) }
}

/** How many standard errors lie between the two means. */
export function welchT(a: readonly number[], b: readonly number[], bound: number): number {
  const [keptA, keptB] = [a, b].map((times) => times.filter((time) => time <= bound))
  if (keptA === undefined || keptB === undefined) return Number.NaN
  const error = Math.sqrt(varianceOf(keptA) / keptA.length + varianceOf(keptB) / keptB.length)
  return (meanOf(keptA) - meanOf(keptB)) / error
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}
