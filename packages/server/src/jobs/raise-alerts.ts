/** How the jobs raise alerts: those of their own, each named after what it is about, and what is told of every one that opens. */
import type { AlertRecord } from '../catalog/alert-steps.ts'
import type { CoreContext } from '../core/context.ts'
import type { Metrics } from '../platform/metrics.ts'

export interface Raising {
  readonly core: Pick<CoreContext, 'catalog' | 'log'>
  readonly metrics: Pick<Metrics, 'countAlert'>
}

/** What is alike in every alert when it opens. */
export const NEW_ALERT = { times: 1, hasPaused: false, closedAt: null, closedBy: null } as const

/** An alert of a job: `id` says what it is about. */
export type NamedAlert = Omit<AlertRecord, keyof typeof NEW_ALERT | 'lastAt' | 'linkId'>

/** Raises those that were never raised under their id, closed ones among them; counts where one of the same rule and subject is open. */
export async function raiseOnce(raising: Raising, alerts: readonly NamedAlert[]): Promise<void> {
  const { catalog } = raising.core
  const drafts = []
  for (const named of alerts) {
    if ((await catalog.alerts.find(named.id)) !== null) continue
    const alert = { ...NEW_ALERT, ...named, lastAt: named.raisedAt, linkId: null }
    drafts.push({ alert, pause: null })
  }
  if (drafts.length > 0) tellRaised(raising, await catalog.alerts.raise(drafts))
}

/** Says in the log and the metrics that these were opened. */
export function tellRaised({ core, metrics }: Raising, opened: readonly AlertRecord[]): void {
  for (const { id, rule, subject } of opened) {
    metrics.countAlert(rule)
    core.log.warn({ alert: id, rule, subject }, 'alert raised')
  }
}
