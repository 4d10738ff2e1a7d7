/** The records the catalog keeps. Times are milliseconds since the Unix epoch; ids are made in core/ids.ts. */

/** Headers a client stored with a file and gets back with it. Values are legal header values. */
export interface StoredHeaders {
  readonly cacheControl?: string
  readonly contentDisposition?: string
  readonly contentEncoding?: string
  readonly contentLanguage?: string
  readonly expires?: string
}

export interface FileRecord {
  readonly id: string
  readonly bucket: string
  /** Exact bytes as sent, decoded once; never normalised. */
  readonly key: string
  readonly size: number
  /** Lower-case hex MD5 of the bytes, without quotes. */
  readonly etag: string
  /** Lower-case hex. */
  readonly sha256: string
  readonly contentType: string
  readonly headers: StoredHeaders
  /** `x-amz-meta-*`, names in lower case without the prefix. */
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly modifiedAt: number
  /** Where the bytes are. */
  readonly blobId: string
  /** True: the bytes lie in the catalog itself (`readInlineBlob`); false: in the blob store. */
  readonly isInline: boolean
}

export interface BucketRecord {
  readonly name: string
  readonly createdAt: number
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
  readonly createdAt: number
  readonly createdBy: string
  readonly expiresAt: number | null
  readonly revokedAt: number | null
}

export type LinkMethod = 'GET' | 'PUT'

/** The server's record behind a link. */
export interface GrantRecord {
  readonly id: string
  readonly method: LinkMethod
  readonly bucket: string
  readonly key: string
  readonly signingKeyId: string
  readonly createdAt: number
  readonly createdBy: string
  readonly expiresAt: number
  readonly reason: string | null
  readonly maxUses: number | null
  readonly uses: number
  /** When and from where the last use was consumed: a resumed download rides on it for a while. */
  readonly lastUsedAt: number | null
  readonly lastUsedIp: string | null
  readonly maxBytes: number | null
  readonly contentTypes: readonly string[]
  readonly revokedAt: number | null
}

/** Every link in `scope` signed before `notBefore` is dead. */
export interface RevocationRecord {
  /** `''` for the whole instance, `key:ID`, `folder:bucket/prefix/`, or `file:bucket/key`. */
  readonly scope: string
  /** Milliseconds; a link dies if its signing second is earlier. */
  readonly notBefore: number
}
