/**
 * Says that an object store lets this server do nothing any more: clients are told to try again, and no trying again will help until
 * somebody changes the credentials or what they may do. Said once a day while it is so.
 */
import type { AlertDraft } from '../catalog/alert-steps.ts'
import type { CoreContext } from '../core/context.ts'
import { DAY_MS } from '../platform/durations.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Reach } from '../stores/object-store.ts'
import type { Follower } from './follow-events.ts'

export interface WatchedStore {
  /** The setting or the bucket that names it. */
  readonly subject: string
  /** What lies there; `''`: everything may. */
  readonly path: string
  readonly look: () => Promise<Reach>
}

export interface StoreWatchOptions {
  readonly core: Pick<CoreContext, 'catalog' | 'clock' | 'log'>
  readonly metrics: Pick<Metrics, 'countAlert'>
  readonly everyMs: number
  /** Those of the moment. */
  readonly stores: () => Promise<readonly WatchedStore[]>
}

const RULE = 'store-refuses'

export function createStoreWatch(options: StoreWatchOptions): Follower {
  const { everyMs, stores } = options
  return {
    name: 'store watch',
    everyMs,
    async run(signal) {
      for (const store of await stores()) {
        if (!signal.aborted) await watch(options, store)
      }
    },
    settled: () => Promise.resolve(),
  }
}

async function watch({ core, metrics }: StoreWatchOptions, store: WatchedStore): Promise<void> {
  const { catalog, clock, log } = core
  const reach = await store.look()
  if (reach.kind !== 'refused') return
  log.error({ store: store.subject, why: reach.why }, 'the object store refuses this server')
  const draft = draftOf(store, clock.now())
  if ((await catalog.alerts.find(draft.alert.id)) !== null) return
  for (const { id, rule, subject } of await catalog.alerts.raise([draft])) {
    metrics.countAlert(rule)
    log.warn({ alert: id, rule, subject }, 'alert raised')
  }
}

function draftOf({ subject, path }: WatchedStore, nowMs: number): AlertDraft {
  const day = new Date(nowMs - (nowMs % DAY_MS)).toISOString().slice(0, 10)
  const alert = {
    id: `alert_${RULE}.${day}.${subject}`,
    rule: RULE,
    subject,
    path,
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
