/** What every rule needs at hand, built once by compose.ts and passed as the first argument. */
import type { BlobStore } from '../blobs/blob-store.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import type { BlobCache } from './files/blob-cache.ts'
import type { KeyRing } from './keys/key-ring.ts'
import type { Sealer } from './keys/seal.ts'

export interface CoreContext {
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly blobCache: BlobCache
  readonly keyRing: KeyRing
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Where the REST API and its pages are reached: `https://files.example.com`, without a trailing slash. */
  readonly publicUrl: string
  /** Where files are reached: links are made with it and nothing else. The same as `publicUrl` unless the two are kept apart. */
  readonly filesUrl: string
  readonly region: string
}
