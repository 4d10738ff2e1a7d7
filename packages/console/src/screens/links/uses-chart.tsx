/** How often a link was used, from its first use on. */
import type { AuditEvent } from '@hallpass/client'
import type { ReactNode } from 'react'
import { BarChart } from '../../ui/bar-chart.tsx'
import type { Bar } from '../../ui/bar-chart.tsx'
import { formatSeconds } from '../../ui/format.ts'

const HOUR_MS = 3_600_000
/** What one bar stands for: the first of these of which no more than so many are needed. */
const SPANS_MS = [60_000, 600_000, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 168 * HOUR_MS]
const MOST_BARS = 60

export function UsesChart({ events }: { readonly events: readonly AuditEvent[] }): ReactNode {
  const uses = events.filter(({ kind }) => kind === 'link.used')
  if (uses.length === 0) return null
  const { bars, spanMs } = countUses(uses)
  const total = uses.reduce((sum, { count }) => sum + count, 0)
  const count = `${total} ${total === 1 ? 'use' : 'uses'}`
  const caption = `${count}, a bar for each ${formatSeconds(spanMs / 1000)}`
  return (
    <figure>
      <BarChart label={caption} bars={bars} />
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function countUses(uses: readonly Pick<AuditEvent, 'at' | 'count'>[]): {
  readonly bars: readonly Bar[]
  readonly spanMs: number
} {
  const times = uses.map(({ at }) => Date.parse(at))
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const fits = (span: number): boolean => Math.floor((last - first) / span) < MOST_BARS
  const spanMs = SPANS_MS.find(fits) ?? Math.ceil((last - first + 1) / MOST_BARS)
  const counts = Array.from({ length: Math.floor((last - first) / spanMs) + 1 }, () => 0)
  for (const [index, { count }] of uses.entries()) {
    const place = Math.floor(((times[index] ?? first) - first) / spanMs)
    counts[place] = (counts[place] ?? 0) + count
  }
  const bars = counts.map((value, index) => {
    return { label: new Date(first + index * spanMs).toLocaleString(), value }
  })
  return { bars, spanMs }
}
