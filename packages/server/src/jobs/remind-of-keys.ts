/**
 * Says that a key is about to end, a week and a day before, while there is time to make another. Each is said once: the alert is named after
 * the rule and the key, and stays known after it was closed.
 */
import type { AlertDraft, WatchRule } from '../catalog/alert-steps.ts'
import type { AccessKeyRecord, ApiKeyRecord } from '../catalog/records.ts'
import type { CoreContext } from '../core/context.ts'
import { DAY_MS } from '../platform/durations.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Follower } from './follow-events.ts'

export interface RemindOptions {
  readonly core: Pick<CoreContext, 'catalog' | 'keyRing' | 'clock' | 'log'>
  readonly metrics: Pick<Metrics, 'countAlert'>
}

const EVERY_MS = 60_000
const REMINDERS: readonly { readonly rule: WatchRule; readonly beforeMs: number }[] = [
  { rule: 'key-ends-in-week', beforeMs: 7 * DAY_MS },
  { rule: 'key-ends-in-day', beforeMs: DAY_MS },
]

type Key = ApiKeyRecord | AccessKeyRecord

export function createKeyReminder({ core, metrics }: RemindOptions): Follower {
  const { catalog, keyRing, clock, log } = core
  return {
    name: 'key reminders',
    everyMs: EVERY_MS,
    async run() {
      const { snapshot } = await keyRing.current()
      const due = [...snapshot.apiKeys, ...snapshot.accessKeys].flatMap((key) =>
        findDue(key, clock.now()),
      )
      const drafts: AlertDraft[] = []
      for (const draft of due) {
        if ((await catalog.alerts.find(draft.alert.id)) === null) drafts.push(draft)
      }
      if (drafts.length === 0) return
      for (const { id, rule, subject } of await catalog.alerts.raise(drafts)) {
        metrics.countAlert(rule)
        log.warn({ alert: id, rule, subject }, 'alert raised')
      }
    },
    settled: () => Promise.resolve(),
  }
}

/** The last word that it is time for. A key that was made for little longer needs none. */
function findDue(key: Key, nowMs: number): readonly AlertDraft[] {
  const { createdAt, expiresAt, revokedAt } = key
  if (expiresAt === null || revokedAt !== null || nowMs >= expiresAt) return []
  const left = expiresAt - nowMs
  const due = REMINDERS.findLast(({ beforeMs }) => left <= beforeMs)
  if (due === undefined || expiresAt - createdAt < 2 * due.beforeMs) return []
  return [{ alert: draftOf(key, due.rule, { nowMs, left, beforeMs: due.beforeMs }), pause: null }]
}

function draftOf(
  { id, scope }: Key,
  rule: WatchRule,
  { nowMs, left, beforeMs }: Readonly<Record<'nowMs' | 'left' | 'beforeMs', number>>,
): AlertDraft['alert'] {
  return {
    id: `alert_${rule}.${id}`,
    rule,
    subject: id,
    path: scope.pathPrefix,
    linkId: null,
    keyId: id,
    raisedAt: nowMs,
    lastAt: nowMs,
    times: 1,
    measured: Math.ceil(left / DAY_MS),
    threshold: beforeMs / DAY_MS,
    hasPaused: false,
    closedAt: null,
    closedBy: null,
  }
}
