/** What the jobs look after. */
import type { BlobStore } from '../blobs/blob-store.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Clock } from '../platform/clock.ts'

export interface Stores {
  readonly catalog: Pick<
    Catalog,
    | 'uploads'
    | 'held'
    | 'grants'
    | 'keys'
    | 'sweep'
    | 'events'
    | 'webhooks'
    | 'alerts'
    | 'processes'
    | 'scrub'
    | 'sessions'
  >
  readonly blobs: BlobStore
  readonly clock: Clock
  /**
   * Those of `contentIds` that somebody is reading, in this process or another one over the same data; `null` if one of them
   * did not say.
   */
  readonly heldAmong: (contentIds: readonly string[]) => Promise<readonly string[] | null>
}
