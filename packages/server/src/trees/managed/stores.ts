/** What the managed tree stands on. */
import type { BlobStore } from '../../blobs/blob-store.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Random } from '../../platform/random.ts'
import type { ContentCache } from './content-cache.ts'
import type { ContentHolds } from './content-holds.ts'
import type { DamagedContents } from './damaged-contents.ts'

export interface ManagedStores {
  readonly catalog: Pick<Catalog, 'files' | 'contents' | 'uploads'>
  readonly blobs: BlobStore
  readonly cache: ContentCache
  readonly holds: ContentHolds
  readonly damaged: Pick<DamagedContents, 'requireWhole'>
  readonly clock: Clock
  readonly random: Random
}
