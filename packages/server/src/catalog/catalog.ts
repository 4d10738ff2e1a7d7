/**
 * The port to the catalog: what exists, who may, what was handed out. Every method is one atomic step, and a method
 * that writes resolves only when its effect survives a power cut. Reads see every write that was acknowledged
 * before they began, also by another process over the same catalog.
 *
 * Faults: StoreError from platform/store-errors.ts. Absence is `null`, never an error.
 */
import type {
  AccessKeyRecord,
  ApiKeyRecord,
  BucketRecord,
  FileRecord,
  FolderRecord,
  GrantRecord,
  RevocationRecord,
  SigningKeyState,
} from './records.ts'

/** What must hold inside the transaction for a write to happen. */
export interface WriteConditions {
  /** The file must not exist. */
  readonly ifAbsent?: boolean
  /** The file must exist with this ETag (hex, no quotes). */
  readonly ifEtag?: string
  /** A use of this grant is consumed together with the write; unusable, nothing is written. */
  readonly useGrant?: { readonly id: string; readonly nowMs: number; readonly clientIp: string }
}

export type CommitOutcome =
  | { readonly outcome: 'committed'; readonly file: FileRecord; readonly replaced: boolean }
  | { readonly outcome: 'bucket-missing' }
  | { readonly outcome: 'condition-failed' }
  | { readonly outcome: 'grant-unusable' }

export interface ListFilesQuery {
  readonly bucket: string
  readonly prefix: string
  /** Keys that share what lies between prefix and the next delimiter are rolled into one common prefix; `''` rolls nothing. */
  readonly delimiter: string
  /** Only keys (and common prefixes) strictly after this one, in UTF-8 byte order; `''` starts at the beginning. */
  readonly after: string
  /** Files and common prefixes together, at most. */
  readonly limit: number
}

export type ListedEntry =
  | { readonly kind: 'file'; readonly file: FileRecord }
  | { readonly kind: 'prefix'; readonly prefix: string }

export interface FileListing {
  /** In UTF-8 byte order. */
  readonly entries: readonly ListedEntry[]
  /** What `after` must be for the next page; `null` at the end. */
  readonly nextAfter: string | null
}

export interface FileCatalog {
  find(bucket: string, key: string): Promise<FileRecord | null>
  findById(id: string): Promise<FileRecord | null>
  /**
   * Makes `file` exist, in one transaction with its conditions. `inlineBytes` are stored in the catalog itself. A replaced blob
   * goes onto the sweep list. An existing file of the same name keeps its id and `createdAt`.
   */
  commit(
    file: FileRecord,
    inlineBytes: Uint8Array | null,
    conditions: WriteConditions,
  ): Promise<CommitOutcome>
  /** Removes a file and puts its blob onto the sweep list; resolves to what was removed. */
  remove(bucket: string, key: string): Promise<FileRecord | null>
  /** Gives a file another name; `null` if it is gone. A file at the target is replaced only if `overwrite`. */
  move(
    id: string,
    target: {
      readonly bucket: string
      readonly key: string
      readonly overwrite: boolean
      readonly nowMs: number
    },
  ): Promise<FileRecord | 'target-exists' | 'bucket-missing' | null>
  /** One page; the cost depends on the page, never on how deep it lies or how many keys a prefix holds. */
  list(query: ListFilesQuery): Promise<FileListing>
  /** The bytes of an inline blob; `null` if it was swept meanwhile. */
  readInlineBlob(blobId: string): Promise<Uint8Array | null>
}

export interface BucketCatalog {
  find(name: string): Promise<BucketRecord | null>
  list(): Promise<readonly BucketRecord[]>
  /** False if it exists already. */
  create(bucket: BucketRecord): Promise<boolean>
  /** Also removes its folder records. */
  remove(name: string): Promise<'removed' | 'missing' | 'not-empty'>
}

export interface FolderCatalog {
  find(path: string): Promise<FolderRecord | null>
  /** Those of `paths` that have a record, longest path first: a file's folders, nearest first. */
  findMany(paths: readonly string[]): Promise<readonly FolderRecord[]>
  /** Records whose path starts with `pathPrefix`, in byte order after `after`. */
  list(pathPrefix: string, after: string, limit: number): Promise<readonly FolderRecord[]>
  /** False if the bucket does not exist. */
  put(folder: FolderRecord): Promise<boolean>
  remove(path: string): Promise<boolean>
}

export interface GrantCatalog {
  find(id: string): Promise<GrantRecord | null>
  insert(grant: GrantRecord): Promise<void>
  /** Newest first; `before` is the id to continue after. Only those on paths under `pathPrefix` (`''` for all). */
  list(pathPrefix: string, before: string | null, limit: number): Promise<readonly GrantRecord[]>
  /** False if it is missing or was revoked before. */
  revoke(id: string, nowMs: number): Promise<boolean>
  /** One conditional update: true if a use was left, unrevoked and in time, and is consumed by this call. */
  use(id: string, nowMs: number, clientIp: string): Promise<boolean>
}

/** What verification needs on every request, small enough to hold in memory. */
export interface KeySnapshot {
  readonly epoch: number
  readonly accessKeys: readonly AccessKeyRecord[]
  readonly apiKeys: readonly ApiKeyRecord[]
  readonly revocations: readonly RevocationRecord[]
}

export interface KeyCatalog {
  /** Changes with every write to keys or revocations, by any process. Cheap: asked several times a second. */
  epoch(): Promise<number>
  snapshot(): Promise<KeySnapshot>
  insertApiKey(key: ApiKeyRecord): Promise<void>
  insertAccessKey(key: AccessKeyRecord): Promise<void>
  /** False if missing or revoked before. `id` names an API key or an access key. */
  revoke(id: string, nowMs: number): Promise<boolean>
  setSigningKeyState(id: string, state: SigningKeyState): Promise<boolean>
  /** Adds or moves forward, never back. */
  revokeBefore(revocation: RevocationRecord): Promise<void>
}

export interface SweepCatalog {
  /**
   * Blobs nobody refers to any more, queued before `queuedBeforeMs`, the oldest first: those in the catalog itself
   * if `isInline`, else those in the blob store.
   */
  due(queuedBeforeMs: number, isInline: boolean, limit: number): Promise<readonly string[]>
  /** Takes blobs off the list; inline bytes are removed with it. */
  done(blobIds: readonly string[]): Promise<void>
  /** True if a file refers to the blob or the sweep list holds it. */
  isKnown(blobId: string): Promise<boolean>
}

export interface Catalog {
  readonly files: FileCatalog
  readonly buckets: BucketCatalog
  readonly folders: FolderCatalog
  readonly grants: GrantCatalog
  readonly keys: KeyCatalog
  readonly sweep: SweepCatalog
  close(): Promise<void>
}
