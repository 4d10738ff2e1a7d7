/**
 * Says that an object store lets this server do nothing any more: clients are told to try again, and no trying again will help until
 * somebody changes the credentials or what they may do. An alert says so once a day while it is so, the log each time it looks.
 */
import type { CoreContext } from '../core/context.ts'
import { DAY_MS } from '../platform/durations.ts'
import type { Reach } from '../stores/object-store.ts'
import type { Follower } from './follow-events.ts'
import { raiseOnce } from './raise-alerts.ts'
import type { NamedAlert, Raising } from './raise-alerts.ts'

export interface WatchedStore {
  /** The setting or the bucket that names it. */
  readonly subject: string
  /** What lies there; `''`: everything may. */
  readonly path: string
  readonly look: () => Promise<Reach>
}

export interface StoreWatchOptions extends Raising {
  readonly core: Pick<CoreContext, 'catalog' | 'clock' | 'log'>
  readonly everyMs: number
  /** Those of the moment. */
  readonly stores: () => Promise<readonly WatchedStore[]>
}

const RULE = 'store-refuses'

export function createStoreWatch(options: StoreWatchOptions): Follower {
  const { core, everyMs, stores } = options
  /** Of each store the alert that was told last: an older one that is open counts the day, and has another id. */
  const told = new Map<string, string>()
  return {
    name: 'store watch',
    everyMs,
    async run(signal) {
      for (const store of await stores()) {
        if (signal.aborted) return
        const { subject } = store
        const reach = await store.look()
        if (reach.kind !== 'refused') continue
        core.log.error({ store: subject, why: reach.why }, 'the object store refuses this server')
        const alert = alertOfDay(store, core.clock.now())
        if (alert.id === told.get(subject)) continue
        await raiseOnce(options, [alert])
        told.set(subject, alert.id)
      }
    },
    settled: () => Promise.resolve(),
  }
}

function alertOfDay({ subject, path }: WatchedStore, nowMs: number): NamedAlert {
  const day = new Date(nowMs - (nowMs % DAY_MS)).toISOString().slice(0, 10)
  return {
    id: `alert_${RULE}.${day}.${subject}`,
    rule: RULE,
    subject,
    path,
    keyId: null,
    raisedAt: nowMs,
    measured: 1,
    threshold: 1,
  }
}
