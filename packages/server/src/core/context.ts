/** What every rule needs at hand, built once by compose.ts and passed as the first argument. */
import type { Catalog } from '../catalog/catalog.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import type { FileTree } from '../trees/file-tree.ts'
import type { FolderCache } from './folders/folder-cache.ts'
import type { KeyRing } from './keys/key-ring.ts'
import type { Sealer } from './keys/seal.ts'
import type { UseTally } from './links/use-tally.ts'

export interface CoreContext {
  /** What the rules are made of. Files are asked of `files`. */
  readonly catalog: Pick<Catalog, 'buckets' | 'folders' | 'grants' | 'keys'>
  readonly files: FileTree
  readonly folders: FolderCache
  readonly keyRing: KeyRing
  readonly uses: UseTally
  /** Of key secrets. */
  readonly sealer: Sealer
  /** Of where a listing goes on. */
  readonly tokens: Sealer
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** `https://files.example.com` without a trailing slash: links are made with it and nothing else. */
  readonly publicUrl: string
  readonly region: string
}
