/**
 * Says that a key is about to end, a week and a day before, while there is time to make another. Each is said once: the alert is named after
 * the rule and the key, and stays known after it was closed.
 */
import type { WatchRule } from '../catalog/alert-steps.ts'
import type { AccessKeyRecord, ApiKeyRecord } from '../catalog/records.ts'
import type { CoreContext } from '../core/context.ts'
import { DAY_MS } from '../platform/durations.ts'
import type { Follower } from './follow-events.ts'
import { raiseOnce } from './raise-alerts.ts'
import type { NamedAlert, Raising } from './raise-alerts.ts'

export interface RemindOptions extends Raising {
  readonly core: Pick<CoreContext, 'catalog' | 'keyRing' | 'clock' | 'log'>
}

const EVERY_MS = 60_000
const REMINDERS: readonly { readonly rule: WatchRule; readonly beforeMs: number }[] = [
  { rule: 'key-ends-in-week', beforeMs: 7 * DAY_MS },
  { rule: 'key-ends-in-day', beforeMs: DAY_MS },
]

type Key = ApiKeyRecord | AccessKeyRecord

export function createKeyReminder(options: RemindOptions): Follower {
  const { keyRing, clock } = options.core
  return {
    name: 'key reminders',
    everyMs: EVERY_MS,
    async run() {
      const { snapshot } = await keyRing.current()
      const keys: readonly Key[] = [...snapshot.apiKeys, ...snapshot.accessKeys]
      const nowMs = clock.now()
      await raiseOnce(
        options,
        keys.flatMap((key) => findDue(key, nowMs)),
      )
    },
    settled: () => Promise.resolve(),
  }
}

/** The last word that it is time for. A key that was made for little longer needs none. */
function findDue(key: Key, nowMs: number): readonly NamedAlert[] {
  const { createdAt, expiresAt, revokedAt } = key
  if (expiresAt === null || revokedAt !== null || nowMs >= expiresAt) return []
  const left = expiresAt - nowMs
  const due = REMINDERS.findLast(({ beforeMs }) => left <= beforeMs)
  if (due === undefined || expiresAt - createdAt < 2 * due.beforeMs) return []
  return [alertOf(key, due.rule, { nowMs, left, beforeMs: due.beforeMs })]
}

function alertOf(
  { id, scope }: Key,
  rule: WatchRule,
  { nowMs, left, beforeMs }: Readonly<Record<'nowMs' | 'left' | 'beforeMs', number>>,
): NamedAlert {
  return {
    id: `alert_${rule}.${id}`,
    rule,
    subject: id,
    path: scope.pathPrefix,
    keyId: id,
    raisedAt: nowMs,
    measured: Math.ceil(left / DAY_MS),
    threshold: beforeMs / DAY_MS,
  }
}
