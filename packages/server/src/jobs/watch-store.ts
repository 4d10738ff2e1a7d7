/**
 * Says that the object store lets this server do nothing any more: clients are told to try again, and no trying again will help until
 * somebody changes the credentials or what they may do. Said once a day while it is so.
 */
import type { AlertDraft } from '../catalog/alert-steps.ts'
import type { CoreContext } from '../core/context.ts'
import { DAY_MS, MINUTE_MS } from '../platform/durations.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Reach } from '../stores/object-store.ts'
import type { Follower } from './follow-events.ts'

export interface StoreWatchOptions {
  readonly core: Pick<CoreContext, 'catalog' | 'clock' | 'log'>
  readonly metrics: Pick<Metrics, 'countAlert'>
  readonly lookAtStore: () => Promise<Reach>
}

const RULE = 'store-refuses'
/** There is one store. */
const SUBJECT = 'HALLPASS_BLOBS'

export function createStoreWatch({ core, metrics, lookAtStore }: StoreWatchOptions): Follower {
  const { catalog, clock, log } = core
  return {
    name: 'store watch',
    everyMs: MINUTE_MS,
    async run() {
      const reach = await lookAtStore()
      if (reach.kind !== 'refused') return
      log.error({ why: reach.why }, 'the object store refuses this server')
      const draft = draftOf(clock.now())
      if ((await catalog.alerts.find(draft.alert.id)) !== null) return
      for (const { id, rule, subject } of await catalog.alerts.raise([draft])) {
        metrics.countAlert(rule)
        log.warn({ alert: id, rule, subject }, 'alert raised')
      }
    },
    settled: () => Promise.resolve(),
  }
}

function draftOf(nowMs: number): AlertDraft {
  const alert = {
    id: `alert_${RULE}.${new Date(nowMs - (nowMs % DAY_MS)).toISOString().slice(0, 10)}`,
    rule: RULE,
    subject: SUBJECT,
    path: '',
    linkId: null,
    keyId: null,
    raisedAt: nowMs,
    lastAt: nowMs,
    times: 1,
    measured: 1,
    threshold: 1,
    hasPaused: false,
    closedAt: null,
    closedBy: null,
  } as const
  return { alert, pause: null }
}
