/** Which stores are looked at, and how often: the one of this server often, because readiness asks it anyhow. */
import type { CoreContext } from './core/context.ts'
import { createStoreWatch } from './jobs/watch-store.ts'
import type { StoreWatchOptions, WatchedStore } from './jobs/watch-store.ts'
import type { Follower } from './jobs/follow-events.ts'
import { MINUTE_MS } from './platform/durations.ts'
import type { Reach } from './stores/object-store.ts'
import { createReachability } from './stores/send/reachability.ts'

const OWN_EVERY_MS = MINUTE_MS
/** A list is what stores charge most for. */
const MOUNTS_EVERY_MS: number = 10 * MINUTE_MS

export function createStoreWatches(
  core: CoreContext,
  metrics: StoreWatchOptions['metrics'],
  lookAtStore: () => Promise<Reach>,
): readonly Follower[] {
  const own = { subject: 'HALLPASS_BLOBS', path: '', look: lookAtStore }
  const watched = { core, metrics }
  return [
    createStoreWatch({
      ...watched,
      everyMs: OWN_EVERY_MS,
      stores: () => Promise.resolve([own]),
    }),
    createStoreWatch({
      ...watched,
      everyMs: MOUNTS_EVERY_MS,
      stores: () => mountedStores(core),
    }),
  ]
}

/** A mounted bucket can be used as long as what is there can be listed. */
export async function mountedStores({
  catalog,
  files,
}: Pick<CoreContext, 'catalog' | 'files'>): Promise<readonly WatchedStore[]> {
  const mounts = await catalog.mounts.list()
  return mounts.map(({ bucket }) => ({
    subject: bucket,
    path: `${bucket}/`,
    look: createReachability(() =>
      files.list({ bucket, prefix: '', delimiter: '', after: '', limit: 1 }),
    ),
  }))
}
