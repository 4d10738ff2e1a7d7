/**
 * A counter that nearly every request moves: what came since it was last asked for is added up here, so that no labels are hashed
 * meanwhile.
 */
import { Counter } from 'prom-client'
import type { CounterConfiguration } from 'prom-client'

type Labels<Name extends string> = Readonly<Record<Name, string | number>>

export function createSummedCounter<Name extends string>(
  configuration: Omit<CounterConfiguration<Name>, 'collect'> & {
    readonly labelNames: readonly Name[]
  },
): (labels: Labels<Name>, count?: number) => void {
  const { labelNames } = configuration
  const sums: Sum<Name>[] = []
  const top: Branch<Name> = { sum: null, below: new Map() }
  const counter = new Counter<Name>({
    ...configuration,
    collect: () => {
      for (const sum of sums) {
        const { labels, count } = sum
        sum.count = 0
        counter.inc(labels, count)
      }
    },
  })

  function begin(labels: Labels<Name>): Sum<Name> {
    const sum = { labels, count: 0 }
    sums.push(sum)
    return sum
  }

  return (labels, count = 1) => {
    let branch = top
    for (const name of labelNames) branch = follow(branch, labels[name])
    branch.sum ??= begin(labels)
    branch.sum.count += count
  }
}

interface Sum<Name extends string> {
  readonly labels: Labels<Name>
  count: number
}

/** A label's value leads to the next. */
interface Branch<Name extends string> {
  sum: Sum<Name> | null
  readonly below: Map<string | number, Branch<Name>>
}

function follow<Name extends string>(from: Branch<Name>, value: string | number): Branch<Name> {
  const known = from.below.get(value)
  if (known !== undefined) return known
  const branch: Branch<Name> = { sum: null, below: new Map() }
  from.below.set(value, branch)
  return branch
}
