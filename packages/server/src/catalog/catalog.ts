/**
 * The port to the catalog: what exists, who may, what was handed out. Every method is one atomic step, and a method
 * that writes resolves only when its effect survives a power cut. Reads see every write that was acknowledged
 * before they began, also by another process over the same catalog.
 *
 * Faults: StoreError from platform/store-errors.ts. Absence is `null`, never an error.
 */
import type { ReadingAsk, ReadingEnd } from './decisions/decide-reading.ts'
import type { GuessCatalog } from './guess-steps.ts'
import type { HeldCatalog } from './held-steps.ts'
import type { AlertCatalog } from './alert-steps.ts'
import type { Actor, EventCatalog } from './event-steps.ts'
import type {
  AbortConditions,
  AbortOutcome,
  DeclareOutcome,
  FilePath,
  JoinConditions,
  JoinOutcome,
  ListFilesQuery,
  ListUploadsQuery,
  ListVersionsQuery,
  Listing,
  MoveOutcome,
  OpenConditions,
  OpenOutcome,
  PartConditions,
  PartOutcome,
  RemoveOutcome,
  SealedBody,
  TagOutcome,
  VersionListing,
  WriteConditions,
  WriteOutcome,
} from './file-steps.ts'
import type {
  AccessKeyRecord,
  ApiKeyRecord,
  BucketRecord,
  Content,
  FileRecord,
  FinishedUploadRecord,
  FolderChangeRecord,
  FolderRecord,
  GrantRecord,
  KeyQuota,
  MarkerRecord,
  PartChecksums,
  PartRecord,
  RevocationRecord,
  Segment,
  SigningKeyState,
  UploadRecord,
  VersionRecord,
  Usage,
} from './records.ts'
import type { MountCatalog } from './mount-steps.ts'
import type { ProcessCatalog } from './process-steps.ts'
import type { ScrubCatalog } from './scrub-steps.ts'
import type { SessionCatalog } from './session-steps.ts'
import type { WebhookCatalog } from './webhook-steps.ts'

/** The bytes of a new version, at rest already or handed over. */
export type NewContent =
  /** Stored with the row. */
  | { readonly kind: 'inline'; readonly contentId: string; readonly bytes: Uint8Array }
  /** A blob that lies in the store. */
  | {
      readonly kind: 'blob'
      readonly contentId: string
      readonly size: number
      /** Of its bytes, in base64; where nobody says it, the first reading does. */
      readonly sha256?: string
    }
  /** What another version holds: shared, no byte moves. */
  | { readonly kind: 'shared'; readonly content: Content }
  /** Ranges of what others hold, one after the other. */
  | { readonly kind: 'segments'; readonly contentId: string; readonly segments: readonly Segment[] }
  /** A part that lies in a store of somebody else. */
  | { readonly kind: 'stored'; readonly contentId: string }

/** Everything about a version but what the transaction finds out: whose id it gets, which version id, what it replaces. */
export type NewVersion = Omit<
  FileRecord,
  'id' | 'versionId' | 'createdAt' | 'arrivedAt' | 'content' | 'quotaKey'
> & {
  /** Used if the name is new. */
  readonly newFileId: string
  /** Used if the bucket keeps versions. */
  readonly newVersionId: string
}

export interface FileCatalog {
  find(path: FilePath): Promise<FileRecord | null>
  findById(id: string): Promise<FileRecord | null>
  findVersion(path: FilePath, versionId: string): Promise<VersionRecord | null>
  /** The delete marker that a name has in place of a current version; `null` if it is not deleted. */
  findMarker(path: FilePath): Promise<MarkerRecord | null>
  /** The same of the name under which a file was deleted last. */
  findMarkerById(id: string): Promise<MarkerRecord | null>
  /**
   * Makes a version current, in one transaction with its conditions. What it replaces is kept where the bucket keeps
   * versions; else its content is given up. A file that is there keeps its id and `createdAt`.
   */
  commit(
    version: NewVersion,
    content: NewContent,
    conditions: WriteConditions,
  ): Promise<WriteOutcome>
  remove(removal: Removal, conditions: WriteConditions): Promise<RemoveOutcome>
  move(move: Move, conditions: WriteConditions): Promise<MoveOutcome>
  tag(tagging: Tagging, conditions: WriteConditions): Promise<TagOutcome>
  /** One page; the cost depends on the page, never on how deep it lies or how many keys a prefix holds. */
  list(query: ListFilesQuery): Promise<Listing>
  listVersions(query: ListVersionsQuery): Promise<VersionListing>
}

export interface Removal {
  readonly path: FilePath
  /** `null`: the current one. */
  readonly versionId: string | null
  /** Of the delete marker, if one appears. */
  readonly newVersionId: string
  /** Of a version that becomes current again while its file goes on living under another name. */
  readonly newFileId: string
  readonly nowMs: number
}

export interface Tagging {
  readonly path: FilePath
  /** `null`: the current one. */
  readonly versionId: string | null
  /** In place of those it has. */
  readonly tags: FileRecord['tags']
}

export interface Move {
  readonly id: string
  readonly from: FilePath
  readonly to: FilePath
  readonly overwrite: boolean
  readonly maxBytes: number
  /** At the target, where its bucket keeps versions. */
  readonly newVersionId: string
  /** Of the delete marker left behind, where that bucket keeps versions. */
  readonly newMarkerId: string
  readonly nowMs: number
}

export interface ContentCatalog {
  /** `null` if it was swept meanwhile. */
  readInline(contentId: string): Promise<Uint8Array | null>
  /**
   * Of a content of that kind, in order: those that hold bytes of `range`, uncut, and where in the content the first of them
   * begins. `null` if it was swept meanwhile.
   */
  segments(contentId: string, range: ContentRange): Promise<FoundSegments | null>
  /** Of the parts that it was made of, if their client said which they have; else `null`. */
  partChecksums(contentId: string): Promise<PartChecksums | null>
}

/** Both ends inclusive. */
export interface ContentRange {
  readonly start: number
  readonly end: number
}

export interface FoundSegments {
  readonly firstStart: number
  readonly segments: readonly Segment[]
}

export interface UploadCatalog {
  create(upload: UploadRecord, conditions: OpenConditions): Promise<OpenOutcome>
  find(id: string): Promise<UploadRecord | null>
  /** Stores or replaces a part; the slot lives on as long again as it was made for. */
  putPart(
    part: Omit<PartRecord, 'content'>,
    content: NewContent,
    conditions: PartConditions,
  ): Promise<PartOutcome>
  listParts(uploadId: string, after: number, limit: number): Promise<readonly PartRecord[]>
  /**
   * Opens an upload that has the parts of others, one after the other in the order given, which end with it. Each must hold as many bytes
   * as is said. Moves no byte.
   */
  join(
    upload: UploadRecord,
    sources: readonly JoinedUpload[],
    conditions: JoinConditions,
  ): Promise<JoinOutcome>
  /** Says how long a resumable upload will be, once. */
  declareLength(
    id: string,
    length: number,
    conditions: Pick<OpenConditions, 'epoch'>,
  ): Promise<DeclareOutcome>
  list(query: ListUploadsQuery): Promise<Listing<UploadRecord>>
  /**
   * Parts become segments and the slot ends, in the transaction that makes the file exist. A part that is not there with
   * its ETag any more is a `condition-failed`.
   */
  complete(completion: Completion, conditions: WriteConditions): Promise<WriteOutcome>
  /** What became of an upload that was completed not long ago: whoever completes it again is answered the same. */
  findFinished(id: string): Promise<FinishedUploadRecord | null>
  /** Forgets those whose time is over; how many, at most `limit`. */
  forgetFinished(nowMs: number, limit: number): Promise<number>
  abort(id: string, nowMs: number, conditions: AbortConditions): Promise<AbortOutcome>
  /** Slots that have been idle past their end, the oldest first. */
  due(nowMs: number, limit: number): Promise<readonly UploadRecord[]>
}

/** One of those that an upload is put together of. */
export interface JoinedUpload {
  readonly id: string
  readonly bytes: number
}

export interface Completion {
  readonly uploadId: string
  readonly parts: readonly { readonly number: number; readonly etag: string }[]
  readonly sealed: SealedBody
  readonly contentId: string
  readonly newFileId: string
  readonly newVersionId: string
  readonly nowMs: number
  /** Until when a completion that is asked for again is answered the same. */
  readonly forgetAt: number
}

/**
 * By whose right something changes, looked at in the transaction of the change. `null` in place of it is the server's own work,
 * which no right allows or forbids.
 */
export interface ChangeRights {
  /** Of keys, revocations and folders, under which the change was allowed. */
  readonly epoch: number
  /**
   * The key that acts by itself. Its rights never change, so while it is not revoked another epoch takes nothing from it. `null`
   * where they hang on more, as a link's do: then only the same epoch will do.
   */
  readonly keyId: string | null
  /** What the trail says of who does it; without it, that the server did. */
  readonly by?: Actor
}

/** What came of a change; `epoch-changed`: nothing was written, the rights have to be looked at again. */
export type Changed<Outcome> = Promise<Outcome | 'epoch-changed'>

export interface BucketCatalog {
  find(name: string): Promise<BucketRecord | null>
  list(): Promise<readonly BucketRecord[]>
  /** False if it exists already. */
  create(bucket: BucketRecord, rights: ChangeRights | null): Changed<boolean>
  /** Also removes its folder records. Versions count as content (`not-empty`); without any, open uploads do. */
  remove(
    name: string,
    rights: ChangeRights | null,
  ): Changed<'removed' | 'missing' | 'not-empty' | 'has-uploads'>
  /**
   * Sets what is named and leaves the rest; a setting that is `null` is removed. The epoch moves with it. False if the bucket is
   * missing.
   */
  update(name: string, change: BucketChange, rights: ChangeRights | null): Changed<boolean>
}

export interface BucketChange extends Partial<Pick<BucketRecord, 'versioning' | 'settings'>> {
  /** Records of folders below the bucket that change in the same step. */
  readonly folders?: {
    readonly put: readonly FolderRecord[]
    /** Paths. */
    readonly remove: readonly string[]
    /** Kept with each of them. */
    readonly because: Because
  }
}

/** Who changes the settings of a folder, when and why. */
export type Because = Pick<FolderChangeRecord, 'changedAt' | 'changedBy' | 'reason'>

export interface FolderCatalog {
  find(path: string): Promise<FolderRecord | null>
  /** Those of `paths` that have a record, longest path first: a file's folders, nearest first. */
  findMany(paths: readonly string[]): Promise<readonly FolderRecord[]>
  /** Records whose path starts with `pathPrefix`, in byte order after `after`. */
  list(pathPrefix: string, after: string, limit: number): Promise<readonly FolderRecord[]>
  /** False if the bucket does not exist. What was set is kept as a version, in the same step. */
  put(folder: FolderRecord, because: Because, rights: ChangeRights | null): Changed<boolean>
  /** False if there is no record. */
  remove(path: string, because: Because, rights: ChangeRights | null): Changed<boolean>
  /** What a folder with a quota holds; `null` for one without. */
  usage(path: string): Promise<Usage | null>
  /** What the settings of one folder were, the newest first: those before a version, or from the newest on. */
  changes(
    path: string,
    before: number | null,
    limit: number,
  ): Promise<readonly FolderChangeRecord[]>
}

export interface GrantCatalog {
  find(id: string): Promise<GrantRecord | null>
  /** False if the epoch is another one by now, `too-many` if whoever makes them would have more than `maxLive` alive: then nothing was stored. */
  insert(
    grants: readonly GrantRecord[],
    epoch: number,
    making?: { readonly by?: Actor | undefined; readonly maxLive?: number },
  ): Promise<boolean | 'too-many'>
  /** Newest first; every page costs the same, however many grants there are. */
  list(query: ListGrantsQuery): Promise<readonly GrantRecord[]>
  /** Changes what bounds it, unless that is not `from` any more: then false, and nothing has changed. */
  rebind(
    id: string,
    bounds: { readonly from: GrantBounds; readonly to: NewGrantBounds },
    rights: ChangeRights | null,
  ): Changed<boolean>
  /** False if it was revoked before. For an automatic link, which has no record yet, `stub` becomes its record. */
  revoke(id: string, end: GrantStop, rights: ChangeRights | null): Changed<boolean>
  /**
   * Lets nobody have it until it is resumed; for an automatic link, which has no record yet, `stub` becomes its record. False if it
   * was paused or revoked before.
   */
  pause(id: string, stop: GrantStop, rights: ChangeRights | null): Changed<boolean>
  /** False if it was not paused. */
  resume(id: string, rights: ChangeRights | null): Changed<boolean>
  /**
   * Begins an answer to a download: as part of the last use, or with a use that was left, which is consumed. Nobody begins on a
   * grant that is revoked or was out of time when the request was admitted. Of many that ask at once, one begins; the others
   * are told which answer is under way, and its process that somebody waits.
   */
  beginReading(ask: ReadingAsk): Promise<BegunReading>
  /**
   * Says that the last byte of the file is about to leave. False if it must not: the grant was revoked, or the process was taken for
   * lost, and others may have gone on with the use.
   */
  sendLast(id: string, answerId: string): Promise<boolean>
  /** Says how the answer ended; where another has taken its place nothing changes. */
  endReading(id: string, answerId: string, end: ReadingEnd): Promise<void>
  /** Nobody waits for the answer to end any more, or is to: it moves. */
  denyClaim(id: string, answerId: string): Promise<void>
  /** Ends the answers of a process that is gone, `null` for those of all; how many. */
  abandonReadings(processId: string | null, nowMs: number): Promise<number>
  /** What may end an answer under way. In no order, and without those that have no record. */
  findStandings(ids: readonly string[]): Promise<readonly GrantStanding[]>
  /** Adds what was counted in memory meanwhile: uses of links without `maxUses`, and bytes of all. */
  count(tallies: readonly GrantTally[]): Promise<void>
  /** Files those whose time has run out where a list of expired ones finds them; how many, at most `limit`. */
  expire(nowMs: number, limit: number): Promise<number>
  /** Lets go of some records of links that are over; how many, at most `limit`. */
  forget(retention: GrantRetention): Promise<number>
}

export interface GrantRetention {
  /** Of links that ended before this, and of those further back than so many links, if they ended before that. */
  readonly oldBeforeMs: number
  readonly most: number
  readonly overBeforeMs: number
  readonly limit: number
}

/** What bounds a link besides what is signed. */
export type GrantBounds = Pick<GrantRecord, 'expiresAt' | 'maxUses' | 'terms' | 'share'>

/** `ownContentId` where it is to replace nothing any more, not even what it stored. */
export type NewGrantBounds = Omit<GrantBounds, 'share'> & {
  readonly ownContentId?: null
  /** What it tells people; as it was, if it is not given. */
  readonly share?: GrantRecord['share']
}

/** `stub`: the record that the change writes first, for an automatic link, which has none yet. */
export interface GrantStop {
  readonly nowMs: number
  readonly stub: GrantRecord | null
}

export type GrantStanding = Pick<GrantRecord, 'id' | 'revokedAt' | 'pausedAt' | 'reading'>

export type BegunReading =
  /** `asksForLast`: nothing is left once it has arrived, so `sendLast` is to be called before its last byte leaves. */
  | { readonly outcome: 'begun'; readonly beganAt: number; readonly asksForLast: boolean }
  | { readonly outcome: 'under-way'; readonly answerId: string }
  | { readonly outcome: 'used-up' }

export interface ListGrantsQuery {
  /** A folder, which ends in a slash; one file's path; or `''` for all. */
  readonly pathPrefix: string
  /** The id to continue after. */
  readonly before: string | null
  readonly limit: number
  /** Only those of this key. */
  readonly createdBy: string | null
  /** True: only pages for people. */
  readonly isShare?: boolean
  readonly status: GrantStatus | null
  readonly nowMs: number
}

export type GrantStatus = 'active' | 'expired' | 'used-up' | 'revoked'

export interface GrantTally {
  readonly id: string
  readonly uses: number
  readonly bytes: number
  /** Moves the record's forward, never back; `lastUsedIp` goes with it. */
  readonly lastUsedAt: number
  readonly lastUsedIp: string
}

/** What verification needs on every request, small enough to hold in memory. */
export interface KeySnapshot {
  readonly epoch: number
  readonly accessKeys: readonly AccessKeyRecord[]
  readonly apiKeys: readonly ApiKeyRecord[]
  readonly revocations: readonly RevocationRecord[]
}

/** Who made a key. */
export type KeyLineage = Pick<ApiKeyRecord, 'id' | 'createdBy' | 'revokedAt'>

export interface KeyEnding {
  /** Of the keys that end; those that were revoked before stay as they are. */
  readonly ids: readonly string[]
  readonly rules: readonly RevocationRecord[]
  readonly nowMs: number
}

export interface KeyUse {
  readonly id: string
  readonly usedAt: number
}

/** What is left out stays as it is, whoever changed it meanwhile. */
export type NewKeyBounds = Partial<Pick<KeyQuota, 'maxBytes' | 'maxFiles'>>

export interface KeyCatalog {
  /** Changes with every write to keys, revocations, folders or settings of buckets, by any process. Cheap: asked several times a second. */
  epoch(): Promise<number>
  snapshot(): Promise<KeySnapshot>
  /** What is stored with a key that has a quota is counted from now on. */
  insertApiKey(key: ApiKeyRecord, rights: ChangeRights | null): Changed<'inserted'>
  insertAccessKey(key: AccessKeyRecord, rights: ChangeRights | null): Changed<'inserted'>
  /** What a key with a quota has stored; `null` for one without. */
  usage(keyId: string): Promise<Usage | null>
  /** How many were ended: missing ones and those revoked before count for nothing. Ids name API keys and access keys. */
  revoke(ids: readonly string[], nowMs: number, rights: ChangeRights | null): Changed<number>
  /**
   * Ends keys and the links they issued in one step with finding them: `choose` is shown every API key and access key as they
   * are in the transaction, perhaps more than once, and what it says is done. No key appears in between.
   */
  revokeChosen(
    choose: (keys: readonly KeyLineage[]) => KeyEnding,
    rights: ChangeRights | null,
  ): Changed<KeyEnding>
  /** Bounds the room of a key that has a quota of its own, and of those that share it. False if there is none. */
  setQuota(keyId: string, bounds: NewKeyBounds, rights: ChangeRights | null): Changed<boolean>
  /** Switches an access key that is not revoked off (at a time) or on (`null`). False if there is none. */
  setDisabled(id: string, disabledAt: number | null, rights: ChangeRights | null): Changed<boolean>
  /** Moves what is known of the last use of keys forward, never back. Ids name API keys and access keys. No right changes, so the epoch stays. */
  noteUses(uses: readonly KeyUse[]): Promise<void>
  /** The key becomes active, and those that were until then retire; one step. */
  rotate(key: AccessKeyRecord, nowMs: number, rights: ChangeRights | null): Changed<'rotated'>
  setSigningKeyState(
    id: string,
    state: SigningKeyState,
    rights: ChangeRights | null,
  ): Changed<boolean>
  /** Adds or moves forward, never back. */
  revokeBefore(revocation: RevocationRecord, rights: ChangeRights | null): Changed<'revoked'>
  /** In the order of their scopes, those after one; `null` for all, because the instance's scope is empty. */
  listRevocations(after: string | null, limit: number): Promise<readonly RevocationRecord[]>
  /** Takes a rule back: one that a wrong clock made. False if there is none. */
  removeRevocation(scope: string, rights: ChangeRights | null): Changed<boolean>
  /** Says in the trail that the master key is changed, which the catalog does not hold. */
  noteMasterKey(rights: ChangeRights | null): Changed<'noted'>
  /**
   * Puts secrets of keys and webhooks under another master key, each only if it is what it was. They stay the secrets they are, so the
   * epoch stays. How many changed.
   */
  reseal(secrets: readonly ResealedSecret[]): Promise<number>
  /** Forgets rules that can cover no living link, which takes and gives no right; how many. */
  forgetRevocations(nowMs: number): Promise<number>
}

export interface ResealedSecret {
  /** `webhook-previous`: the one before, which still signs for a while. */
  readonly holder: 'access-key' | 'webhook' | 'webhook-previous' | 'mount'
  readonly id: string
  readonly from: Uint8Array
  readonly to: Uint8Array
}

export interface SweepCatalog {
  /** Contents nobody refers to any more, given up before `queuedBeforeMs`, the oldest first. */
  due(queuedBeforeMs: number, kind: 'inline' | 'blob', limit: number): Promise<readonly string[]>
  /** Takes contents off the list; inline bytes are removed with it. */
  done(contentIds: readonly string[]): Promise<void>
  /** Keeps contents on the list, as if they had been given up at `nowMs`. */
  postpone(contentIds: readonly string[], nowMs: number): Promise<void>
  /** True if something refers to the blob or the sweep list holds it. */
  isKnown(blobId: string): Promise<boolean>
}

/** Which installation the catalog is of. */
export interface Installation {
  /** Random, and never another. */
  readonly id: string
  /** The name of the store that blobs rest in; `null`: the data directory. */
  readonly blobs: string | null
}

export interface InstallationCatalog {
  /** Whose catalog it is: whoever asks first says the id. */
  claim(id: string): Promise<Installation>
  /** Says where blobs rest from now on. */
  moveBlobs(blobs: string | null): Promise<void>
  /** Whether there is any blob that must be somewhere. */
  namesBlobs(): Promise<boolean>
}

export interface Catalog {
  readonly files: FileCatalog
  readonly held: HeldCatalog
  readonly contents: ContentCatalog
  readonly uploads: UploadCatalog
  readonly buckets: BucketCatalog
  readonly mounts: MountCatalog
  readonly folders: FolderCatalog
  readonly grants: GrantCatalog
  readonly guesses: GuessCatalog
  readonly keys: KeyCatalog
  readonly sweep: SweepCatalog
  readonly events: EventCatalog
  readonly webhooks: WebhookCatalog
  readonly alerts: AlertCatalog
  readonly processes: ProcessCatalog
  readonly installation: InstallationCatalog
  readonly scrub: ScrubCatalog
  readonly sessions: SessionCatalog
  close(): Promise<void>
}
