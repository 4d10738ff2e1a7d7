/**
 * The port through which core asks for files, wherever they lie: `managed` (catalog and blobs) here, `mounted` in object stores that
 * somebody else keeps. Nobody behind this port asks who is calling: a permit was needed to get here.
 *
 * Every method is one atomic step; of a mounted file docs/mounted-buckets.md says where it is two. What writes resolves when its effect survives a power cut, and reads see every write that
 * was acknowledged before they began. Absence is `null`; faults are StoreErrors (platform/store-errors.ts).
 */
import type { BlobReader, ByteRange } from '../blobs/blob-store.ts'
import type {
  AbortConditions,
  AbortOutcome,
  DeclareOutcome,
  FileDraft,
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
} from '../catalog/file-steps.ts'
import type {
  Checksum,
  FileRecord,
  FinishedUploadRecord,
  MarkerRecord,
  PartChecksums,
  PartRecord,
  UploadRecord,
  VersionRecord,
} from '../catalog/records.ts'
import type { SignCdnCookies } from '../stores/store-drivers.ts'

export interface WriteRequest {
  readonly path: FilePath
  readonly draft: FileDraft
  readonly body: AsyncIterable<Uint8Array>
  /** Announced; `null` if nobody said. */
  readonly size: number | null
  /** Called once, after the last byte and before anything exists; what it throws ends the write, and nothing is left. */
  readonly seal: () => Promise<SealedBody>
  /** Asked after the last byte, and again each time the epoch had moved; what it throws ends the write. */
  readonly conditions: () => Promise<WriteConditions>
  readonly signal: AbortSignal
}

export type FileBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A reader must be closed by whoever asked for it. */
  | { readonly kind: 'reader'; readonly reader: BlobReader }
  /** The bytes need not pass this server. */
  | { readonly kind: 'redirect'; readonly sign: (url: StoreUrl) => Promise<URL> }

export interface StoreUrl {
  readonly expiresInSeconds: number
  /** What the store says of the bytes. A CDN says what the object says. */
  readonly contentType: string
  readonly contentDisposition: string
}

export interface FileTree {
  /** The current version. One primary-key look-up, however many versions lie behind it. */
  find(path: FilePath): Promise<FileRecord | null>
  findById(id: string): Promise<FileRecord | null>
  /** A version by its id (`'null'` for the one without), delete markers too. */
  findVersion(path: FilePath, versionId: string): Promise<VersionRecord | null>
  /** The delete marker that a name has in place of a current version. Asked after `find` found nothing. */
  findMarker(path: FilePath): Promise<MarkerRecord | null>
  /** The same of the name under which a file was deleted last. */
  findMarkerById(id: string): Promise<MarkerRecord | null>
  /** One page; the cost depends on the page, never on how deep it lies or how many keys a prefix holds. */
  list(query: ListFilesQuery): Promise<Listing>
  /** Newest first within a key, the current version before all others. */
  listVersions(query: ListVersionsQuery): Promise<VersionListing>
  /**
   * The bytes of a version, or `range` of them; `null` if it was swept meanwhile. What was opened can be read to its end, however
   * long that takes and whatever becomes of the file. Small ones may be there without waiting.
   */
  open(
    file: Pick<FileRecord, 'content' | 'size'>,
    range: ByteRange | null,
    signal: AbortSignal,
  ): FileBody | null | Promise<FileBody | null>
  /** Makes URLs under which its bytes are fetched past this server; `null` where they must pass it. */
  signerOf(file: Pick<FileRecord, 'content'>): Promise<((url: StoreUrl) => Promise<URL>) | null>
  /** Makes cookies with which the CDN before a bucket serves all that lies in a folder of it; `null` where none does. */
  cookieSignerOf(bucket: string): Promise<SignCdnCookies | null>
  /** Of the parts that its content was made of, in their order, if their client said which they have; else `null`. */
  partChecksums(file: FileRecord): Promise<PartChecksums | null>

  write(request: WriteRequest): Promise<WriteOutcome>
  /** A new version at `path` with the content of `source`. Moves no byte. */
  copy(request: CopyRequest): Promise<WriteOutcome>
  /**
   * Removes the current version (behind which a delete marker appears where versions are kept), or exactly the version named.
   * Ends the links of the path when nothing is left at it.
   */
  remove(request: RemoveRequest): Promise<RemoveOutcome>
  /** Replaces the tags of a version; nothing else of it changes. */
  tag(request: TagRequest): Promise<TagOutcome>
  /** Gives a file another name; its id stays, its versions and the links of both paths do not follow. */
  move(request: MoveRequest): Promise<MoveOutcome>
  readonly uploads: UploadTree
}

export interface CopyRequest {
  readonly source: FileRecord
  readonly path: FilePath
  readonly draft: FileDraft
  /** What the new version says of its bytes: those of the source, and others of the same bytes. */
  readonly checksums: readonly Checksum[]
  readonly conditions: () => Promise<WriteConditions>
}

export interface RemoveRequest {
  readonly path: FilePath
  readonly versionId: string | null
  readonly conditions: () => Promise<WriteConditions>
}

export interface TagRequest {
  readonly path: FilePath
  /** `null`: the current one. */
  readonly versionId: string | null
  readonly tags: FileRecord['tags']
  readonly conditions: () => Promise<WriteConditions>
}

export interface MoveRequest {
  readonly id: string
  /** Where the file was when the move was allowed; elsewhere now and nothing moves (`file-missing`). */
  readonly from: FilePath
  readonly to: FilePath
  readonly overwrite: boolean
  /** Of what may lie at the target; a larger file is refused (`too-large`). */
  readonly maxBytes: number
  readonly conditions: () => Promise<WriteConditions>
}

/** Uploads in parts: a slot that takes parts until it is completed or aborted, whichever transaction comes first. */
export interface UploadTree {
  create(request: OpenRequest): Promise<OpenOutcome>
  find(id: string): Promise<UploadRecord | null>
  /** Stores a part; one of the same number is replaced. */
  writePart(request: PartRequest): Promise<PartOutcome>
  /** A part with a range of what `source` holds. Moves no byte. */
  copyPart(request: PartCopyRequest): Promise<PartOutcome>
  /** Opens an upload that has the parts of others, which end with it. Moves no byte. */
  join(request: JoinRequest): Promise<JoinOutcome>
  /** Says how long a resumable upload will be, once. */
  declareLength(request: DeclareRequest): Promise<DeclareOutcome>
  /** In the order of their numbers, those above `after`. */
  listParts(uploadId: string, after: number, limit: number): Promise<readonly PartRecord[]>
  /** Makes URLs under which parts are sent past this server; `null` where they must pass it. */
  signerOf(bucket: string): Promise<((part: PartUrl) => Promise<URL>) | null>
  /** Open uploads of a bucket by key, then id. */
  list(query: ListUploadsQuery): Promise<Listing<UploadRecord>>
  /** Makes the file exist out of its parts, in one transaction that ends the slot. Moves no byte. */
  complete(request: CompleteRequest): Promise<WriteOutcome>
  /** What became of an upload that was completed not long ago; `null` of any other. */
  findFinished(id: string): Promise<FinishedUploadRecord | null>
  /** Its parts are swept. */
  abort(request: AbortRequest): Promise<AbortOutcome>
}

export interface PartUrl {
  readonly uploadId: string
  readonly number: number
  /** Exactly so many. */
  readonly bytes: number
  readonly expiresInSeconds: number
}

export interface OpenRequest {
  readonly upload: UploadRecord
  readonly conditions: () => Promise<OpenConditions>
}

export interface JoinRequest extends Pick<OpenRequest, 'upload'> {
  readonly conditions: () => Promise<JoinConditions>
  /** In their order; each must hold so many bytes. */
  readonly sources: readonly { readonly id: string; readonly bytes: number }[]
}

export interface DeclareRequest {
  readonly uploadId: string
  readonly length: number
  readonly conditions: () => Promise<Pick<OpenConditions, 'epoch'>>
}

export interface AbortRequest {
  readonly uploadId: string
  readonly conditions: () => Promise<AbortConditions>
}

interface PartPlace {
  readonly uploadId: string
  readonly number: number
  readonly conditions: () => Promise<PartConditions>
}

export interface PartRequest extends PartPlace {
  readonly body: AsyncIterable<Uint8Array>
  readonly size: number | null
  readonly seal: () => Promise<SealedBody>
  /** What all of it hashes to, in base64, asked once it is sealed; `null`: nobody else computes it. */
  readonly sha256: (() => string) | null
  readonly signal: AbortSignal
}

export interface PartCopyRequest extends PartPlace {
  readonly source: FileRecord
  readonly range: ByteRange
  /** Of the range: computed by reading it, because S3 answers with them. */
  readonly sealed: SealedBody
}

export interface CompleteRequest {
  readonly uploadId: string
  /** In ascending order; each must be there with this ETag. Checked by the caller, compared again in the transaction. */
  readonly parts: readonly { readonly number: number; readonly etag: string }[]
  readonly sealed: SealedBody
  /** Until when a completion that is asked for again is answered the same; milliseconds. */
  readonly forgetAt: number
  readonly conditions: () => Promise<WriteConditions>
}
