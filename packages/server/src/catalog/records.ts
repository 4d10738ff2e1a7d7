/** The records the catalog keeps. Times are milliseconds since the Unix epoch; ids are made in core/ids.ts. */

/** Headers a client stored with a file and gets back with it. Values are legal header values. */
export interface StoredHeaders {
  readonly cacheControl?: string
  readonly contentDisposition?: string
  readonly contentEncoding?: string
  readonly contentLanguage?: string
  readonly expires?: string
}

/** Where the bytes of a version are. A content may be shared by versions; it is swept when nothing refers to it. */
export type Content =
  /** In the catalog itself. */
  | { readonly kind: 'inline'; readonly contentId: string }
  /** One blob of the store, all of it. */
  | { readonly kind: 'blob'; readonly contentId: string }
  /** Ranges of blobs, one after the other (`Catalog.contents.segments`). */
  | { readonly kind: 'segments'; readonly contentId: string }

export type ChecksumAlgorithm = 'md5' | 'sha1' | 'sha256' | 'crc32' | 'crc32c' | 'crc64nvme'

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  /** Of all bytes, or of the checksums of the parts [S3-CHECKSUMS]. */
  readonly type: 'full-object' | 'composite'
  /** Base64, as S3 writes it; composite ones without their `-N`. */
  readonly value: string
}

/** A version as it stands at a path. */
export interface FileRecord {
  /** Of the file: every version of a name has it, a file made anew after a delete has another. */
  readonly id: string
  readonly bucket: string
  /** Exact bytes as sent, decoded once; never normalised. */
  readonly key: string
  /** `'null'` where versions are not kept, as S3 has it. */
  readonly versionId: string
  readonly size: number
  /** Hex MD5 of the bytes, or `md5-N` for N parts; without quotes. */
  readonly etag: string
  readonly checksums: readonly Checksum[]
  /** Where each part begins and ends, as sizes in order; empty for a file that came in one piece. */
  readonly partSizes: readonly number[]
  readonly contentType: string
  readonly headers: StoredHeaders
  /** `x-amz-meta-*`, names in lower case without the prefix. */
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** When the file (not this version) came to be. */
  readonly createdAt: number
  readonly modifiedAt: number
  readonly content: Content
}

/** A version, or the mark that says a name was deleted. */
export type VersionRecord =
  | (FileRecord & { readonly isDeleteMarker: false; readonly isLatest: boolean })
  | (Pick<FileRecord, 'id' | 'bucket' | 'key' | 'versionId' | 'modifiedAt'> & {
      readonly isDeleteMarker: true
      readonly isLatest: boolean
    })

/** A slot that takes parts and closes at its commit. */
export interface UploadRecord {
  /** From `[A-Za-z0-9._-]`: it survives sloppy encoders. */
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly contentType: string
  readonly headers: StoredHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** What the parts carry, if the client said so. */
  readonly checksumAlgorithm: ChecksumAlgorithm | null
  readonly checksumType: Checksum['type'] | null
  /** The key or grant that opened it. */
  readonly createdBy: string
  readonly createdAt: number
  /** An idle slot is reaped after this. */
  readonly expiresAt: number
}

export interface PartRecord {
  readonly uploadId: string
  /** 1 to 10,000. */
  readonly number: number
  readonly size: number
  readonly etag: string
  readonly checksums: readonly Checksum[]
  readonly modifiedAt: number
  readonly content: Content
}

/** A range of an immutable blob that a content of kind `segments` holds. */
export interface Segment {
  readonly contentId: string
  readonly kind: 'inline' | 'blob'
  readonly start: number
  readonly length: number
}

/** Whether a bucket keeps what was replaced, as S3 means it. */
export type Versioning = 'off' | 'enabled' | 'suspended'

export interface BucketRecord {
  readonly name: string
  readonly createdAt: number
  readonly versioning: Versioning
  /** Tags, CORS rules and what else S3 keeps with a bucket: name to JSON; empty for most. */
  readonly settings: Readonly<Record<string, unknown>>
}

export type Visibility = 'public' | 'private'

/** What a folder may lower, never raise. */
export interface FolderPolicy {
  readonly maxDownloadSeconds?: number
  readonly maxUploadSeconds?: number
  readonly maxBytes?: number
}

export interface FolderRecord {
  /** `bucket/` or `bucket/some/prefix/`: always ends in a slash. */
  readonly path: string
  /** `null`: inherited from the nearest folder above; at the top, private. */
  readonly visibility: Visibility | null
  readonly policy: FolderPolicy
  readonly updatedAt: number
}

/** What a key may do. */
export const ACTIONS = ['read', 'write', 'delete', 'list', 'share', 'admin'] as const
export type Action = (typeof ACTIONS)[number]

export interface KeyScope {
  readonly actions: readonly Action[]
  /** `''` for everything, else `bucket/` or `bucket/prefix/`: compared by segment, so `team1/` never reaches `team10/`. */
  readonly pathPrefix: string
  /** Addresses the key works from; empty for any. */
  readonly cidrs: readonly string[]
}

/** A bearer key of the REST API. Only a hash of its secret is kept. */
export interface ApiKeyRecord {
  readonly id: string
  readonly name: string
  /** Hex SHA-256 of the whole key text. */
  readonly secretHash: string
  readonly scope: KeyScope
  readonly createdAt: number
  readonly createdBy: string
  readonly expiresAt: number | null
  readonly revokedAt: number | null
}

export type AccessKeyKind = 'access' | 'signing'
export type SigningKeyState = 'active' | 'retiring' | 'retired'

/** An S3 key pair: given to a client (`access`), or held by the server to sign its own links (`signing`). */
export interface AccessKeyRecord {
  readonly id: string
  readonly kind: AccessKeyKind
  readonly name: string
  /** The secret, sealed with the master key (core/keys/seal.ts). */
  readonly sealedSecret: Uint8Array
  readonly scope: KeyScope
  /** The longest life a URL presigned with this key may have. */
  readonly maxExpiresInSeconds: number
  readonly mayPresignDelete: boolean
  /** Signing keys only; access keys are `active`. */
  readonly state: SigningKeyState
  /** When a successor took over: only what was signed before then still verifies. */
  readonly rotatedAt: number | null
  readonly createdAt: number
  readonly createdBy: string
  readonly expiresAt: number | null
  readonly revokedAt: number | null
}

export type LinkMethod = 'GET' | 'PUT'

/** What ended a link before its time. */
export type RevokedBy = 'link' | 'delete' | 'move'

/** The server's record behind a link. */
export interface GrantRecord {
  readonly id: string
  readonly method: LinkMethod
  readonly bucket: string
  readonly key: string
  /** GET: the file the link is for; a file made anew under the name is another. `null` for uploads. */
  readonly fileId: string | null
  readonly signingKeyId: string
  readonly createdAt: number
  readonly createdBy: string
  readonly expiresAt: number
  readonly reason: string | null
  /** Uploads commit once unless said otherwise. */
  readonly maxUses: number | null
  /** Counted also without `maxUses`; then now and then a little late. */
  readonly uses: number
  readonly bytes: number
  readonly lastUsedAt: number | null
  readonly lastUsedIp: string | null
  /** How the last use stands: one that broke off may be taken up again, and none once it delivered one whole answer. */
  readonly lastUse: 'under-way' | 'broken' | 'done' | null
  readonly maxBytes: number | null
  readonly contentTypes: readonly string[]
  /** Uploads: may replace a file that is there. */
  readonly mayOverwrite: boolean
  /** The addresses signed into the URL. */
  readonly networks: readonly string[]
  readonly revokedAt: number | null
  readonly revokedBy: RevokedBy | null
}

/** Every link in `scope` signed before `notBefore` is dead. */
export interface RevocationRecord {
  /** `''` for the whole instance, `key:ID`, `folder:bucket/prefix/`, or `file:bucket/key`. */
  readonly scope: string
  /** Milliseconds; a link dies if its signing second is earlier. */
  readonly notBefore: number
  /** Milliseconds: past it, no link that the rule covers can be alive, and the rule is forgotten. */
  readonly forgetAt: number
}
