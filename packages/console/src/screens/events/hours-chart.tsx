/** How much happened in each hour of the last day, and how much of it was refused or broke off. */
import type { AuditEvent, EventFilter } from '@hallpass/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../app/session.tsx'
import { BarChart } from '../../ui/bar-chart.tsx'
import type { Bar } from '../../ui/bar-chart.tsx'

const HOURS = 24
const HOUR_MS = 3_600_000
const MOST_EVENTS = 1000
const EVERY_MS = 60_000

export interface HoursChartProps {
  readonly filter: EventFilter
}

export function HoursChart({ filter }: HoursChartProps): ReactNode {
  const api = useApi()
  const found = useQuery({
    queryKey: ['events', 'hours', filter],
    queryFn: async ({ signal }) => {
      const begin = firstHour(Date.now())
      const since = new Date(begin).toISOString()
      const page = await api.events.list({ ...filter, since, limit: MOST_EVENTS }, { signal })
      return { ...page, begin }
    },
    refetchInterval: EVERY_MS,
  })
  if (found.data === undefined || found.data.events.length === 0) return null
  const { events, nextCursor, begin } = found.data
  const bars = countByHour(events, begin)
  const [all, wrong] = bars.reduce(
    ([sum, bad], { value, marked = 0 }) => [sum + value, bad + marked],
    [0, 0],
  )
  const which = nextCursor === null ? '' : 'the newest '
  const caption = `By the hour, of the last ${HOURS}: ${which}${all} events, ${wrong} of them refused or broken off`
  return (
    <figure>
      <BarChart label={caption} bars={bars} />
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

/** The hours as the clock of whoever looks has them. */
function firstHour(nowMs: number): number {
  return new Date(nowMs).setMinutes(0, 0, 0) - (HOURS - 1) * HOUR_MS
}

function countByHour(
  events: readonly Pick<AuditEvent, 'at' | 'count' | 'code'>[],
  begin: number,
): readonly Bar[] {
  const hours = Array.from({ length: HOURS }, () => ({ value: 0, marked: 0 }))
  for (const { at, count, code } of events) {
    const hour = hours[Math.floor((Date.parse(at) - begin) / HOUR_MS)]
    if (hour === undefined) continue
    hour.value += count
    if (code !== null) hour.marked += count
  }
  return hours.map(({ value, marked }, index) => {
    const label = new Date(begin + index * HOUR_MS).toLocaleString()
    return {
      label: marked === 0 ? label : `${label}, ${marked} refused or broken off`,
      value,
      marked,
    }
  })
}
