/** Runs the rules over a log of which it is known what is wrong, and counts. */
import type { EventRecord } from '../../src/catalog/event-steps.ts'
import type { Finding } from '../../src/core/watch/finding.ts'
import { createWatchResolver } from '../../src/core/watch/thresholds.ts'
import { createWatcher } from '../../src/core/watch/watcher.ts'
import { OWN_PAGE } from './leak-log.ts'
import type { Leak, LeakLog } from './leak-log.ts'

export interface LeakReport {
  readonly findings: readonly Finding[]
  readonly missed: readonly Leak[]
  readonly falseAlerts: readonly Finding[]
  /** Bytes of the watcher's tables. */
  readonly size: number
}

export function findLeaks(
  { leaks, settings }: Omit<LeakLog, 'events'>,
  events: Iterable<EventRecord>,
  sizes: { readonly links?: number; readonly addresses?: number } = {},
): LeakReport {
  const watcher = createWatcher({ ...sizes, isOwnPage: (host) => host === OWN_PAGE })
  const resolve = createWatchResolver(settings)
  const findings: Finding[] = []
  for (const event of events) findings.push(...watcher.look(event, resolve(event.path)))
  const wrong = new Set(leaks.map(({ subject }) => subject))
  const found = new Set(findings.map(({ subject }) => subject))
  return {
    findings,
    missed: leaks.filter(({ subject }) => !found.has(subject)),
    falseAlerts: findings.filter(({ subject }) => !wrong.has(subject)),
    size: watcher.size,
  }
}
