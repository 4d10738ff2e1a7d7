/** Files, wherever they lie: this server's own over catalog and blobs, and those of mounted buckets. */
import type { BlobStore } from './blobs/blob-store.ts'
import type { Catalog } from './catalog/catalog.ts'
import { createMountedTrees } from './compose-mounts.ts'
import { createStoreDrivers } from './compose-store-drivers.ts'
import type { CoreContext } from './core/context.ts'
import type { Sealer } from './core/keys/seal.ts'
import { createDigestThreads } from './core/files/digest-threads.ts'
import { createKeyRing } from './core/keys/key-ring.ts'
import { createMountCache } from './core/mounts/mount-cache.ts'
import type { Clock } from './platform/clock.ts'
import type { Random } from './platform/random.ts'
import type { StoreSample } from './stores/send/sender.ts'
import { countStored } from './trees/count-stored.ts'
import { createContentCache } from './trees/managed/content-cache.ts'
import type { ContentHolds } from './trees/managed/content-holds.ts'
import type { DamagedContents } from './trees/managed/damaged-contents.ts'
import { createManagedTree } from './trees/managed/managed-tree.ts'
import { createTreeOfBuckets } from './trees/tree-of-buckets.ts'

/** What is closed with them but for the catalog. */
export interface FileStores {
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly holds: ContentHolds
  readonly damaged: DamagedContents
  readonly sealer: Sealer
}

export interface FileParts {
  readonly clock: Clock
  readonly random: Random
  /** Where this server's own blobs lie, if that is a store. */
  readonly blobsUrl: string | null
  /** Networks in which stores of mounted buckets may be though they are not public. */
  readonly storeNetworks: readonly string[]
  readonly countBytes: (bytes: number) => void
  /** Told of each request to the store of a mounted bucket. */
  readonly onMountSample: (sample: StoreSample) => void
}

export interface ComposedFiles {
  /** What core has of them. */
  readonly parts: Pick<
    CoreContext,
    'files' | 'beginDigests' | 'keyRing' | 'mounts' | 'stores' | 'blobsPlace'
  >
  close(): Promise<void>
}

export function composeFiles(
  { catalog, blobs, holds, damaged, sealer }: FileStores,
  { clock, random, blobsUrl, storeNetworks: networks, countBytes, onMountSample }: FileParts,
): ComposedFiles {
  const keyRing = createKeyRing({ catalog, sealer, clock })
  const mounts = createMountCache(catalog.mounts)
  const stores = createStoreDrivers({ networks, onSample: onMountSample, clock, random })
  const mounted = createMountedTrees({ catalog, keyRing, mounts, stores, sealer, clock })
  const blobsPlace = blobsUrl === null ? null : stores.placeOf(blobsUrl)
  const cache = createContentCache()
  const managed = createManagedTree({ catalog, blobs, cache, holds, damaged, clock, random })
  const tree = createTreeOfBuckets({ managed, mountedAt: (bucket) => mounted.at(bucket) })
  const files = countStored(tree, countBytes)
  const digestThreads = createDigestThreads()
  return {
    parts: { files, beginDigests: digestThreads.begin, keyRing, mounts, stores, blobsPlace },
    close: async () => {
      await mounted.close()
      await digestThreads.close()
      await blobs.close()
    },
  }
}
