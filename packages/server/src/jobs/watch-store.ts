/**
 * Says that the object store lets this server do nothing any more: clients are told to try again, and no trying again will help until
 * somebody changes the credentials or what they may do. An alert says so once a day while it is so, the log each time it looks.
 */
import type { CoreContext } from '../core/context.ts'
import { DAY_MS, MINUTE_MS } from '../platform/durations.ts'
import type { Reach } from '../stores/object-store.ts'
import type { Follower } from './follow-events.ts'
import { raiseOnce } from './raise-alerts.ts'
import type { NamedAlert, Raising } from './raise-alerts.ts'

export interface StoreWatchOptions extends Raising {
  readonly core: Pick<CoreContext, 'catalog' | 'clock' | 'log'>
  readonly lookAtStore: () => Promise<Reach>
}

const RULE = 'store-refuses'
/** There is one store. */
const SUBJECT = 'HALLPASS_BLOBS'

export function createStoreWatch(options: StoreWatchOptions): Follower {
  const { core, lookAtStore } = options
  /** The alert of the day that was told last: an older one that is open counts the day, and has another id. */
  let told = ''
  return {
    name: 'store watch',
    everyMs: MINUTE_MS,
    async run() {
      const reach = await lookAtStore()
      if (reach.kind !== 'refused') return
      core.log.error({ why: reach.why }, 'the object store refuses this server')
      const alert = alertOfDay(core.clock.now())
      if (alert.id === told) return
      await raiseOnce(options, [alert])
      told = alert.id
    },
    settled: () => Promise.resolve(),
  }
}

function alertOfDay(nowMs: number): NamedAlert {
  const day = new Date(nowMs - (nowMs % DAY_MS)).toISOString().slice(0, 10)
  return {
    id: `alert_${RULE}.${day}`,
    rule: RULE,
    subject: SUBJECT,
    path: '',
    keyId: null,
    raisedAt: nowMs,
    measured: 1,
    threshold: 1,
  }
}
