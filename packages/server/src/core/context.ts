/** What every rule needs at hand, built once by compose.ts and passed as the first argument. */
import type { Catalog } from '../catalog/catalog.ts'
import type { ScannerName } from '../policy-lines/policy-lines.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import type { FileTree } from '../trees/file-tree.ts'
import type { BucketFinding } from '../stores/bucket-look.ts'
import type { StoreDrivers } from '../stores/store-drivers.ts'
import type { BucketCache } from './buckets/bucket-cache.ts'
import type { EventLog } from './events/event-log.ts'
import type { Reservations } from './files/quota.ts'
import type { BeginDigests } from './files/running-digests.ts'
import type { FolderCache } from './folders/folder-cache.ts'
import type { KeyUses } from './keys/key-uses.ts'
import type { KeyRing } from './keys/key-ring.ts'
import type { MasterKeys } from './keys/master-keys.ts'
import type { Sealer } from './keys/seal.ts'
import type { PackRoom } from './shares/pack-room.ts'
import type { SignIn } from './sessions/sign-in.ts'
import type { MountCache } from './mounts/mount-cache.ts'
import type { RequirePace } from './policy/pace.ts'
import type { SignLink } from './links/sign.ts'
import type { LinkAnswers } from './links/link-answers.ts'
import type { UserTokens } from './users/user-tokens.ts'
import type { UseTally } from './links/use-tally.ts'

export interface CoreContext {
  /** What the rules are made of. Files are asked of `files`. */
  readonly catalog: Pick<
    Catalog,
    | 'buckets'
    | 'events'
    | 'folders'
    | 'grants'
    | 'guesses'
    | 'held'
    | 'keys'
    | 'mounts'
    | 'sessions'
    | 'webhooks'
    | 'alerts'
  >
  readonly files: FileTree
  readonly folders: FolderCache
  readonly buckets: BucketCache
  readonly mounts: MountCache
  /** Opens the stores of buckets that are to be mounted. */
  readonly stores: StoreDrivers
  /** Where this server's own blobs lie, if that is a store; `null` on a disk. */
  readonly blobsPlace: string | null
  /** What everybody may do there; `null` on a disk. */
  readonly lookAtBlobs: (() => Promise<readonly BucketFinding[]>) | null
  readonly keyRing: KeyRing
  readonly uses: UseTally
  readonly reservations: Reservations
  readonly beginDigests: BeginDigests
  readonly requirePace: RequirePace
  /** Links of one key that may be alive at once; of an end user a tenth. */
  readonly linksPerKey: number
  readonly keyUses: KeyUses
  readonly packRoom: PackRoom
  readonly answers: LinkAnswers
  readonly events: EventLog
  /** Who is there to look at files. */
  readonly scanners: readonly ScannerName[]
  /** CIDR ranges in which webhooks may be besides public addresses. */
  readonly webhookNetworks: readonly string[]
  /** `null`: nobody comes with tokens. */
  readonly userTokens: UserTokens | null
  /** Signing in to the console with OpenID Connect; `null`: with a key alone. */
  readonly signIn: SignIn | null
  readonly sealer: Sealer
  readonly masterKeys: MasterKeys
  readonly signLink: SignLink
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Where the REST API and its pages are reached: `https://files.example.com`, without a trailing slash. */
  readonly publicUrl: string
  /** Where files are reached: links are made with it and nothing else. The same as `publicUrl` unless the two are kept apart. */
  readonly filesUrl: string
  /** Buckets are also reached as `BUCKET.domain`; `null`: in the path only. */
  readonly filesDomain: string | null
  readonly region: string
}
