/** The tree of files that core asks: catalog and blobs together, and what of them became a file counted. */
import type { BlobStore } from './blobs/blob-store.ts'
import type { Catalog } from './catalog/catalog.ts'
import { systemClock } from './platform/clock.ts'
import type { Metrics } from './platform/metrics.ts'
import { systemRandom } from './platform/random.ts'
import { countStored } from './trees/count-stored.ts'
import type { FileTree } from './trees/file-tree.ts'
import { createContentCache } from './trees/managed/content-cache.ts'
import type { ContentHolds } from './trees/managed/content-holds.ts'
import type { DamagedContents } from './trees/managed/damaged-contents.ts'
import { createManagedTree } from './trees/managed/managed-tree.ts'

export interface FileStores {
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly holds: ContentHolds
  readonly damaged: DamagedContents
}

export function createFiles(
  { catalog, blobs, holds, damaged }: FileStores,
  metrics: Pick<Metrics, 'countStored'>,
): FileTree {
  const sources = { clock: systemClock, random: systemRandom, cache: createContentCache() }
  const tree = createManagedTree({ catalog, blobs, holds, damaged, ...sources })
  return countStored(tree, (bytes) => metrics.countStored(bytes))
}
