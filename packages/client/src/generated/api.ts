/** Made of the OpenAPI document by `node scripts/client.ts`. */
import type { CallOptions } from '../send.ts'

/** An S3 key pair. */
export interface AccessKey {
  /** An id. */
  readonly id: string

  readonly name: string

  /** What the key may do. */
  readonly actions: readonly (
    | 'read'
    | 'write'
    | 'delete'
    | 'list'
    | 'share'
    | 'publish'
    | 'admin'
    | 'metrics'
  )[]

  /** '' for everything, else `bucket/` or `bucket/prefix/`. */
  readonly pathPrefix: string

  readonly cidrs: readonly string[]

  readonly quota: {
    /** An id. */
    readonly keyId: string

    readonly maxTotalBytes: number | null

    readonly maxFiles: number | null
  } | null

  /** ISO 8601, UTC. */
  readonly createdAt: string

  readonly createdBy: string

  readonly expiresAt: string | null

  readonly revokedAt: string | null

  /** To the minute; null: never. */
  readonly lastUsedAt: string | null

  /** Seconds a URL presigned with it may live. */
  readonly maxExpiresIn: number

  readonly mayPresignDelete: boolean

  /** Since when it is switched off. */
  readonly disabledAt: string | null
}

/** Something that looked wrong. */
export interface Alert {
  /** An id. */
  readonly id: string

  /** What looked wrong. */
  readonly rule:
    | 'many-networks'
    | 'impossible-pace'
    | 'use-after-end'
    | 'enumeration'
    | 'hot-linking'
    | 'volume'
    | 'key-new-network'
    | 'scanner-lost'
    | 'damaged-blob'
    | 'key-ends-in-week'
    | 'key-ends-in-day'
    | 'store-refuses'

  /** The id of the link or key, the address, or whatever else it is about. */
  readonly subject: string

  readonly path: string | null

  readonly link: string | null

  readonly key: string | null

  /** ISO 8601, UTC. */
  readonly raisedAt: string

  /** ISO 8601, UTC. */
  readonly lastAt: string

  /** How often it was found while the alert was open. */
  readonly times: number

  /** About how many networks, addresses, requests or bytes, by the rule. */
  readonly measured: number

  readonly threshold: number

  /** The link was paused with it. */
  readonly paused: boolean

  readonly closedAt: string | null

  readonly closedBy: string | null
}

/** A key of this API. */
export interface ApiKey {
  /** An id. */
  readonly id: string

  readonly name: string

  /** What the key may do. */
  readonly actions: readonly (
    | 'read'
    | 'write'
    | 'delete'
    | 'list'
    | 'share'
    | 'publish'
    | 'admin'
    | 'metrics'
  )[]

  /** '' for everything, else `bucket/` or `bucket/prefix/`. */
  readonly pathPrefix: string

  readonly cidrs: readonly string[]

  readonly quota: {
    /** An id. */
    readonly keyId: string

    readonly maxTotalBytes: number | null

    readonly maxFiles: number | null
  } | null

  /** ISO 8601, UTC. */
  readonly createdAt: string

  readonly createdBy: string

  readonly expiresAt: string | null

  readonly revokedAt: string | null

  /** To the minute; null: never. */
  readonly lastUsedAt: string | null
}

/** What happened. Never a URL. */
export interface AuditEvent {
  /** An id. */
  readonly id: string

  /** ISO 8601, UTC. */
  readonly at: string

  /** What happened. */
  readonly kind:
    | 'link.issued'
    | 'link.narrowed'
    | 'link.paused'
    | 'link.resumed'
    | 'link.revoked'
    | 'links.swept'
    | 'sweep.removed'
    | 'key.created'
    | 'key.revoked'
    | 'key.changed'
    | 'key.disabled'
    | 'key.enabled'
    | 'key.rotated'
    | 'key.retired'
    | 'master-key.rotated'
    | 'session.begun'
    | 'session.ended'
    | 'folder.changed'
    | 'folder.removed'
    | 'bucket.created'
    | 'bucket.changed'
    | 'bucket.removed'
    | 'file.created'
    | 'file.moved'
    | 'file.deleted'
    | 'blob.damaged'
    | 'blob.healed'
    | 'upload.held'
    | 'webhook.created'
    | 'webhook.changed'
    | 'webhook.removed'
    | 'webhook.resent'
    | 'alert.raised'
    | 'alert.closed'
    | 'watch.changed'
    | 'link.used'
    | 'link.previewed'
    | 'key.issued'
    | 'file.read'
    | 'key.used'
    | 'upload.rejected'
    | 'request.refused'
    | 'scanner.lost'

  /** Why it was refused or broke off; null for what was done. */
  readonly code: string | null

  readonly link: string | null

  /** Whose rights were used; of a link the key that signed it; null for the server. */
  readonly key: string | null

  /** The `sub` of the end user who did it; null for everybody else. */
  readonly subject: string | null

  readonly path: string | null

  /** What was changed, if it is neither link nor path; of a refused REST call the operation. */
  readonly target: string | null

  readonly address: string | null

  readonly agent: string | null

  /** The host of the page that led here. */
  readonly referrer: string | null

  readonly bytes: number

  /** How many that differed in time and bytes alone, within a second. */
  readonly count: number

  /** What was set, of a change. */
  readonly detail: Readonly<Record<string, unknown>>
}

/** A bucket: the first part of a path. */
export interface Bucket {
  readonly name: string

  /** ISO 8601, UTC. */
  readonly createdAt: string

  /** Whether what is replaced or deleted stays as a version. */
  readonly versioning: 'off' | 'enabled' | 'suspended'

  readonly store?: BucketStore | undefined
}

/** A bucket or container that exists, to be shown as this bucket. */
export interface BucketMount {
  /** Where the objects lie: `s3://bucket/prefix?region=…&endpoint=…`, `gs://bucket/prefix` or `azure://account/container/prefix`. Never with credentials in it. */
  readonly url: string

  /** Kept sealed, and never shown again: a key pair, the name of an Azure account with its key or a shared access signature, or the address of a service account of Google with its private key. Left out, the server asks with what its machine is allowed. */
  readonly credentials?:
    | {
        readonly accessKeyId: string

        readonly secretAccessKey: string
      }
    | undefined

  /** A CDN that stands before the store and checks signed URLs. */
  readonly cdn?:
    | {
        readonly kind: 'cloudfront' | 'cloud-cdn' | 'media-cdn' | 'bunny' | 'akamai'

        /** What stands before the key of an object: `https://cdn.example.com`. */
        readonly url: string

        /** What the CDN knows the key by: of the key pair, the key or the keyset. */
        readonly keyName?: string | undefined

        /** What signs its URLs, as the CDN gives it: a private key in PEM (`cloudfront`), base64url (`cloud-cdn`, `media-cdn`), the security key (`bunny`), hex (`akamai`). Kept sealed, and never shown again. */
        readonly key: string
      }
    | undefined

  /** Nothing is written there through this server. False. */
  readonly readOnly?: boolean | undefined
}

/** Of a mounted bucket. */
export interface BucketStore {
  /** Where its objects lie. No credential is in it. */
  readonly url: string

  /** Nothing is written there through this server. */
  readonly readOnly: boolean

  /** The CDN before it, without its key. */
  readonly cdn?:
    | {
        readonly kind: 'cloudfront' | 'cloud-cdn' | 'media-cdn' | 'bunny' | 'akamai'

        /** What stands before the key of an object: `https://cdn.example.com`. */
        readonly url: string

        /** What the CDN knows the key by: of the key pair, the key or the keyset. */
        readonly keyName?: string | undefined
      }
    | undefined
}

/** The key that is calling. */
export interface CallingKey {
  /** An id. */
  readonly id: string

  readonly name: string

  /** What the key may do. */
  readonly actions: readonly (
    | 'read'
    | 'write'
    | 'delete'
    | 'list'
    | 'share'
    | 'publish'
    | 'admin'
    | 'metrics'
  )[]

  /** '' for everything, else `bucket/` or `bucket/prefix/`. */
  readonly pathPrefix: string

  readonly cidrs: readonly string[]

  readonly quota: {
    /** An id. */
    readonly keyId: string

    readonly maxTotalBytes: number | null

    readonly maxFiles: number | null
  } | null

  /** ISO 8601, UTC. */
  readonly createdAt: string

  readonly createdBy: string

  readonly expiresAt: string | null

  readonly revokedAt: string | null

  /** To the minute; null: never. */
  readonly lastUsedAt: string | null

  /** How much of its quota is taken; null for a key without one. */
  readonly quotaUsed: {
    readonly bytes: number

    readonly files: number
  } | null
}

/** A folder after a change; `purge` comes along if it was public before and is private now. */
export interface ChangedFolder {
  readonly path: string

  readonly visibility: 'public' | 'private'

  /** The folder whose setting holds here; null if it is its own, or the default. */
  readonly inheritedFrom: string | null

  readonly policy: Policy

  readonly updatedAt: string | null

  /** Where public files begin that are private since: a CDN may hold them for a minute more, unless it is told to forget what begins so. */
  readonly purge?: readonly string[] | undefined
}

/** What a CDN may still hold of a folder that was public. */
export interface ClosedFolder {
  /** Where public files begin that are private since: a CDN may hold them for a minute more, unless it is told to forget what begins so. */
  readonly purge: readonly string[]
}

/** One request, as the server sees it. */
export interface Connection {
  /** Whom the server takes the sender for. */
  readonly address: string

  /** Who is at the other end of the connection: a proxy, or the sender. */
  readonly peer: string

  /** The `Host` that arrived. */
  readonly host: string | null

  /** Headers in which a proxy says for whom it asks, by their names. */
  readonly forwardedBy: readonly string[]

  readonly publicUrl: string

  readonly filesUrl: string

  /** What clients of S3 at `filesUrl` are told. */
  readonly region: string

  /** Who can follow its links, by its name: nobody but this machine, whoever is in the same network, or anybody. */
  readonly reach: 'machine' | 'network' | 'anybody'
}
export interface CookieRequest {
  /** `bucket/folder/file.txt`: the first segment is the bucket. */
  readonly path: string

  /** Seconds, at least. 300 for downloads and 900 for uploads unless said otherwise; over 24 hours only with a reason, never over 7 days. */
  readonly expiresIn?: number | undefined

  /** The IPv4 address or network from which alone they work. */
  readonly ip?: string | undefined

  /** The host of the CDN, or one above it that your application shares with it: `example.com` for `cdn.example.com`. Every host below it gets the cookies. Left out, they are for the host that sets them alone. */
  readonly domain?: string | undefined

  /** Lax unless said otherwise: a page of another site loads nothing with them. None lets every page do. */
  readonly sameSite?: 'Strict' | 'Lax' | 'None' | undefined

  /** What you call it. */
  readonly label?: string | undefined

  /** Why the link exists; kept with its record. Needed for more than 24 hours. */
  readonly reason?: string | undefined
}

/** The key pair, with its secret. */
export interface CreatedAccessKey {
  /** An id. */
  readonly id: string

  readonly name: string

  /** What the key may do. */
  readonly actions: readonly (
    | 'read'
    | 'write'
    | 'delete'
    | 'list'
    | 'share'
    | 'publish'
    | 'admin'
    | 'metrics'
  )[]

  /** '' for everything, else `bucket/` or `bucket/prefix/`. */
  readonly pathPrefix: string

  readonly cidrs: readonly string[]

  readonly quota: {
    /** An id. */
    readonly keyId: string

    readonly maxTotalBytes: number | null

    readonly maxFiles: number | null
  } | null

  /** ISO 8601, UTC. */
  readonly createdAt: string

  readonly createdBy: string

  readonly expiresAt: string | null

  readonly revokedAt: string | null

  /** To the minute; null: never. */
  readonly lastUsedAt: string | null

  /** Seconds a URL presigned with it may live. */
  readonly maxExpiresIn: number

  readonly mayPresignDelete: boolean

  /** Since when it is switched off. */
  readonly disabledAt: string | null

  /** The secret, shown this once. */
  readonly secretAccessKey: string
}

/** The key, with its secret. */
export interface CreatedApiKey {
  /** An id. */
  readonly id: string

  readonly name: string

  /** What the key may do. */
  readonly actions: readonly (
    | 'read'
    | 'write'
    | 'delete'
    | 'list'
    | 'share'
    | 'publish'
    | 'admin'
    | 'metrics'
  )[]

  /** '' for everything, else `bucket/` or `bucket/prefix/`. */
  readonly pathPrefix: string

  readonly cidrs: readonly string[]

  readonly quota: {
    /** An id. */
    readonly keyId: string

    readonly maxTotalBytes: number | null

    readonly maxFiles: number | null
  } | null

  /** ISO 8601, UTC. */
  readonly createdAt: string

  readonly createdBy: string

  readonly expiresAt: string | null

  readonly revokedAt: string | null

  /** To the minute; null: never. */
  readonly lastUsedAt: string | null

  /** The key itself, shown this once. */
  readonly key: string
}

/** The share, and its address. */
export interface CreatedShare {
  /** An id. */
  readonly id: string

  readonly path: string

  /** Downloads: the file it is for, whatever is stored under the name later. */
  readonly fileId: string | null

  /** Said of cookies of a CDN, which open a whole folder. */
  readonly cookies?: true | undefined

  /** What became of the link. */
  readonly status: 'active' | 'expired' | 'used-up' | 'revoked'

  /** ISO 8601, UTC. */
  readonly createdAt: string

  /** The id of the key, or of the end user, that issued it. */
  readonly createdBy: string

  /** The `sub` of the end user who issued it. */
  readonly subject: string | null

  /** ISO 8601, UTC. */
  readonly expiresAt: string

  readonly maxUses: number | null

  /** So far; of links without `maxUses` up to a second late. */
  readonly uses: number

  /** Sent or stored by it so far; up to a second late. */
  readonly bytes: number

  readonly lastUsedAt: string | null

  readonly lastUsedIp: string | null

  readonly reason: string | null

  readonly label: string | null

  /** It does nothing before. */
  readonly notBefore: string | null

  /** The addresses it works from; empty for any. */
  readonly networks: readonly string[]

  readonly maxBytes: number | null

  readonly contentTypes: readonly string[]

  /** Since when it stands still until it is resumed. */
  readonly pausedAt: string | null

  readonly revokedAt: string | null

  /** What ended it: its own revocation, one of its file, a folder, a key or all, or the delete or move of its file. */
  readonly revokedBy: 'link' | 'file' | 'folder' | 'key' | 'all' | 'delete' | 'move' | null

  /** What its page gives: one file, what lies in a folder, or room in a folder for files that others send. */
  readonly kind: 'file' | 'folder' | 'drop'

  readonly hasPassword: boolean

  readonly greeting: string | null

  readonly owner: string | null

  /** The address of the page. It is shown this once. */
  readonly url: string
}

/** A webhook with its secret. */
export interface CreatedWebhook {
  /** An id. */
  readonly id: string

  readonly name: string

  readonly url: string

  readonly events: readonly (
    | 'link.issued'
    | 'link.narrowed'
    | 'link.paused'
    | 'link.resumed'
    | 'link.revoked'
    | 'links.swept'
    | 'sweep.removed'
    | 'key.created'
    | 'key.revoked'
    | 'key.changed'
    | 'key.disabled'
    | 'key.enabled'
    | 'key.rotated'
    | 'key.retired'
    | 'master-key.rotated'
    | 'session.begun'
    | 'session.ended'
    | 'folder.changed'
    | 'folder.removed'
    | 'bucket.created'
    | 'bucket.changed'
    | 'bucket.removed'
    | 'file.created'
    | 'file.moved'
    | 'file.deleted'
    | 'blob.damaged'
    | 'blob.healed'
    | 'upload.held'
    | 'webhook.created'
    | 'webhook.changed'
    | 'webhook.removed'
    | 'webhook.resent'
    | 'alert.raised'
    | 'alert.closed'
    | 'watch.changed'
    | 'link.used'
    | 'link.previewed'
    | 'key.issued'
    | 'file.read'
    | 'key.used'
    | 'upload.rejected'
    | 'request.refused'
    | 'scanner.lost'
  )[]

  readonly folder: string

  /** ISO 8601, UTC. */
  readonly createdAt: string

  readonly createdBy: string

  readonly disabledAt: string | null

  /** Messages not made because 100,000 were waiting already. */
  readonly skipped: number

  /** What messages are signed with. Shown in this answer only. */
  readonly secret: string
}

/** A message to a webhook. */
export interface Delivery {
  /** Sent as `webhook-id`, the same every time. */
  readonly id: string

  /** An id. */
  readonly event: string

  readonly type: string

  readonly state: 'waiting' | 'delivered' | 'dead'

  readonly attempts: number

  /** ISO 8601, UTC. */
  readonly createdAt: string

  readonly nextAttemptAt: string | null

  readonly endedAt: string | null

  /** The status of the last answer. */
  readonly lastStatus: number | null

  /** Why there was no answer the last time. */
  readonly lastFault: string | null
}

/** The end user whose token is calling, and what the rules say for them. */
export interface EndUser {
  /** An id. */
  readonly id: string

  /** The `sub` of the token. */
  readonly subject: string

  readonly rights: readonly {
    /** A file, or a folder with all below: `acme/**`. */
    readonly path: string

    readonly actions: readonly string[]
  }[]

  /** ISO 8601, UTC. */
  readonly expiresAt: string
}
export interface ExplainRequest {
  readonly url: string

  /** Without it, the one with which the signature fits. */
  readonly method?: string | undefined

  /** Names and values, as they were sent. */
  readonly headers?: readonly (readonly string[])[] | undefined

  /** The address it came from. */
  readonly ip?: string | undefined

  /** What was answered. */
  readonly answer?:
    | {
        readonly status?: number | undefined

        readonly body?: string | undefined
      }
    | undefined
}
export interface ExplainedCause {
  /** Stable: of `signature` in docs/explain.md, of `server` in docs/errors.md. */
  readonly code: string

  /** What it was seen in: the request and its signature, or what the server knows. */
  readonly from: 'signature' | 'server'

  /** From 0 to 1. */
  readonly confidence: number

  readonly what: string

  readonly fix: string | null

  readonly evidence: string | null
}

/** A page of a folder. */
export interface FilePage {
  readonly files: readonly StoredFile[]

  /** Paths of the folders directly in it. */
  readonly folders: readonly string[]

  /** Null on the last page. */
  readonly nextCursor: string | null
}

/** A version of a file, or the mark that it was deleted. */
export interface FileVersion {
  /** Its id; `null` of what was stored without versions. */
  readonly version: string

  /** An id. */
  readonly fileId: string

  readonly isLatest: boolean

  /** True of a mark that says the file was deleted: it has no bytes. */
  readonly isDeleted: boolean

  /** Bytes. */
  readonly size: number | null

  readonly contentType: string | null

  readonly etag: string | null

  /** ISO 8601, UTC. */
  readonly modifiedAt: string
}

/** The visibility of a folder, and what its policy says of its own: `GET /v1/folders/{path}/policy` has every line that holds there. */
export interface Folder {
  readonly path: string

  readonly visibility: 'public' | 'private'

  /** The folder whose setting holds here; null if it is its own, or the default. */
  readonly inheritedFrom: string | null

  readonly policy: Policy

  readonly updatedAt: string | null
}

/** A file that waits until it was looked at, or was refused. */
export interface HeldFile {
  /** An id. */
  readonly id: string

  readonly state: 'waiting' | 'rejected'

  /** Where it will be. */
  readonly path: string

  /** The last part of the path. */
  readonly name: string

  /** Where it is until then, of a file that is moved. */
  readonly movesFrom: string | null

  /** The id of the file that it becomes, if no other is there by then. */
  readonly fileId: string | null

  /** Bytes. */
  readonly size: number

  readonly contentType: string

  /** The key that may see it. */
  readonly key: string

  /** The link it came by. */
  readonly link: string | null

  /** Who has looked at it and found nothing. */
  readonly passed: readonly string[]

  /** Looks at it that came to nothing. */
  readonly attempts: number

  /** ISO 8601, UTC. */
  readonly receivedAt: string

  readonly rejectedAt: string | null

  readonly code: string | null

  readonly reason: string | null
}

/** Cookies that were issued. Their values are shown this once. */
export interface IssuedCookies {
  /** An id. */
  readonly id: string

  /** What they open; the star stands for any end. */
  readonly resource: string

  /** Names and values. */
  readonly cookies: Readonly<Record<string, string>>

  /** The same as whole values of `Set-Cookie`, for your application to answer its user with. */
  readonly setCookie: readonly string[]

  /** ISO 8601, UTC. */
  readonly expiresAt: string

  /** Only `expiresAt` ends them, whatever becomes of their record. */
  readonly delivery: 'direct'
}

/** The link. Its URL is shown this once. */
export interface IssuedLink {
  /** An id. */
  readonly id: string

  readonly url: string

  readonly method: 'GET' | 'PUT' | 'POST'

  /** What must be sent with the request. */
  readonly headers: Readonly<Record<string, string>>

  /** POST: what must stand in the form (`multipart/form-data`), before the file, which is the field `file` and the last. */
  readonly fields?: Readonly<Record<string, string>> | undefined

  /** ISO 8601, UTC. */
  readonly expiresAt: string

  /** Said where the URL is one of the store itself, or of the CDN before it: only `expiresAt` ends it, whatever becomes of the link. */
  readonly delivery?: 'direct' | undefined
}

/** A living key that this one made, or one that it made. */
export interface KeyDescendant {
  /** An id. */
  readonly id: string

  readonly kind: 'api-key' | 'access-key'

  readonly name: string

  /** ISO 8601, UTC. */
  readonly createdAt: string

  /** The key that made it. */
  readonly createdBy: string
}

/** A link that was issued. Its URL was shown once and is not kept. */
export interface Link {
  /** An id. */
  readonly id: string

  readonly method: 'GET' | 'PUT' | 'POST'

  readonly path: string

  /** Downloads: the file it is for, whatever is stored under the name later. */
  readonly fileId: string | null

  /** Downloads: the one version it is for; null for whichever is current. */
  readonly version: string | null

  /** What kind of share it is; null for a link. */
  readonly share: 'file' | 'folder' | 'drop' | null

  /** Said of cookies of a CDN, which open a whole folder. */
  readonly cookies?: true | undefined

  /** What became of the link. */
  readonly status: 'active' | 'expired' | 'used-up' | 'revoked'

  /** ISO 8601, UTC. */
  readonly createdAt: string

  /** The id of the key, or of the end user, that issued it. */
  readonly createdBy: string

  /** The `sub` of the end user who issued it. */
  readonly subject: string | null

  /** ISO 8601, UTC. */
  readonly expiresAt: string

  readonly maxUses: number | null

  /** So far; of links without `maxUses` up to a second late. */
  readonly uses: number

  /** Sent or stored by it so far; up to a second late. */
  readonly bytes: number

  readonly lastUsedAt: string | null

  readonly lastUsedIp: string | null

  readonly reason: string | null

  readonly label: string | null

  /** It does nothing before. */
  readonly notBefore: string | null

  /** The addresses it works from; empty for any. */
  readonly networks: readonly string[]

  readonly maxBytes: number | null

  readonly contentTypes: readonly string[]

  readonly sha256: string | null

  /** Uploads: whether it may replace a file. */
  readonly overwrite: boolean

  /** Since when it stands still until it is resumed. */
  readonly pausedAt: string | null

  readonly revokedAt: string | null

  /** What ended it: its own revocation, one of its file, a folder, a key or all, or the delete or move of its file. */
  readonly revokedBy: 'link' | 'file' | 'folder' | 'key' | 'all' | 'delete' | 'move' | null
}
export interface LinkChange {
  /** ISO 8601, UTC. */
  readonly expiresAt?: string | undefined

  /** How often it works; uploads once unless said otherwise. HEAD, 416, previews and the rest of a download that broke off use nothing. */
  readonly maxUses?: number | undefined

  readonly label?: string | null | undefined

  /** It does nothing before. Its life is counted from now all the same. */
  readonly notBefore?: string | undefined

  /** An address or range, or several, from which alone the link works. */
  readonly ip?: string | readonly string[] | undefined

  /** Uploads: a larger body is stopped on the way. */
  readonly maxBytes?: number | undefined

  /** Uploads: one of these must be sent; `image/*` takes a family. */
  readonly contentTypes?: readonly string[] | undefined

  /** Uploads: of the only body it takes, in hex as sha256sum writes it. */
  readonly sha256?: string | undefined

  /** Uploads: whether the link may replace a file. False unless said otherwise, or for several uses. */
  readonly overwrite?: boolean | undefined
}
export interface LinkRequest {
  /** `bucket/folder/file.txt`: the first segment is the bucket. */
  readonly path?: string | undefined

  /** An id. */
  readonly fileId?: string | undefined

  /** GET downloads (and allows HEAD), PUT uploads a body, POST the form of a web page. GET unless said otherwise. */
  readonly method?: 'GET' | 'PUT' | 'POST' | undefined

  /** Seconds, at least. 300 for downloads and 900 for uploads unless said otherwise; over 24 hours only with a reason, never over 7 days. */
  readonly expiresIn?: number | undefined

  /** How often it works; uploads once unless said otherwise. HEAD, 416, previews and the rest of a download that broke off use nothing. */
  readonly maxUses?: number | undefined

  /** Downloads: the one version of the file that the link is for, whatever is current; see `GET /v1/files/{id}/versions`. */
  readonly version?: string | undefined

  /** Downloads: what the file is saved as. */
  readonly filename?: string | undefined

  /** Downloads: whether a browser saves the file, as it does unless said otherwise, or shows it. Types that could run as a page are saved all the same. */
  readonly disposition?: 'attachment' | 'inline' | undefined

  /** Downloads: asked for again within so many seconds, the link is the same one, so that browsers can cache what it shows. It lives `expiresIn` seconds after the window. */
  readonly stableWindow?: number | undefined

  /** Uploads: signed in, so that exactly this Content-Type must be sent. */
  readonly contentType?: string | undefined

  /** Forms: the page, https, that the browser goes to once the file is stored, with `bucket`, `key` and `etag` in its query. */
  readonly successRedirect?: string | undefined

  /** Forms: what S3 answers once the file is stored, for programs: 204 or 200 without a body, 201 with a document. Without it a browser gets a small page and a program 204. */
  readonly successStatus?: 200 | 201 | 204 | undefined

  /** Why the link exists; kept with its record. Needed for more than 24 hours. */
  readonly reason?: string | undefined

  /** What you call it. */
  readonly label?: string | undefined

  /** It does nothing before. Its life is counted from now all the same. */
  readonly notBefore?: string | undefined

  /** An address or range, or several, from which alone the link works. */
  readonly ip?: string | readonly string[] | undefined

  /** Uploads: a larger body is stopped on the way. */
  readonly maxBytes?: number | undefined

  /** Uploads: one of these must be sent; `image/*` takes a family. */
  readonly contentTypes?: readonly string[] | undefined

  /** Uploads: of the only body it takes, in hex as sha256sum writes it. */
  readonly sha256?: string | undefined

  /** Uploads: whether the link may replace a file. False unless said otherwise, or for several uses. */
  readonly overwrite?: boolean | undefined
}

/** Somebody who signed in to the console with OpenID Connect. */
export interface Person {
  /** An id. */
  readonly id: string

  /** The `sub` that the provider gives them. */
  readonly subject: string

  readonly name: string

  /** The provider. */
  readonly issuer: string

  /** Those that the settings know. */
  readonly groups: readonly string[]

  /** What the key may do. */
  readonly actions: readonly (
    | 'read'
    | 'write'
    | 'delete'
    | 'list'
    | 'share'
    | 'publish'
    | 'admin'
    | 'metrics'
  )[]

  readonly pathPrefix: string

  /** ISO 8601, UTC. */
  readonly expiresAt: string
}

/** What is said here. It can tighten what is said above, and loosen nothing. */
export interface Policy {
  /** The longest life of a share; without it a share lives as long as a link that does the same. */
  readonly maxShareSeconds?: number | undefined

  /** What becomes of a file while a scanner does not answer, or cannot take one as large: it waits, or is refused (`hold`, as without this line), or it passes. */
  readonly scannerLost?: 'hold' | 'pass' | undefined

  /** The longest life of a link that downloads. */
  readonly maxDownloadSeconds?: number | undefined

  /** The longest life of every other link. */
  readonly maxUploadSeconds?: number | undefined

  /** The life of a download link that names none. */
  readonly defaultDownloadSeconds?: number | undefined

  /** The life of an upload link that names none. */
  readonly defaultUploadSeconds?: number | undefined

  /** A link that lives longer needs a written reason; with 0 every link does. */
  readonly reasonOverSeconds?: number | undefined

  /** What links may do here, GET with HEAD; an empty list lets none do anything. */
  readonly methods?: readonly ('GET' | 'PUT' | 'POST' | 'DELETE')[] | undefined

  /** Web pages of these origins alone may come here with links, forms or scripts; those of the server itself always may. */
  readonly corsOrigins?: readonly string[] | undefined

  /** Every link names the addresses it works from. */
  readonly requireIp?: boolean | undefined

  /** Every share asks for a password. */
  readonly requirePassword?: boolean | undefined

  /** Every link counts its uses, and has at most so many. */
  readonly maxUses?: number | undefined

  /** The smallest file. */
  readonly minBytes?: number | undefined

  /** The largest file. */
  readonly maxBytes?: number | undefined

  /** All that lies here, with all versions of it, has at most so many bytes. */
  readonly maxTotalBytes?: number | undefined

  /** At most so many files lie here. */
  readonly maxFiles?: number | undefined

  /** What a file may call itself; `image/*` takes a family. */
  readonly contentTypes?: readonly string[] | undefined

  /** Files whose bytes contradict their type or the ending of their name are refused. */
  readonly requireMatchingType?: boolean | undefined

  /** Nobody sees a file before its bytes were read again and compared with what it says it is, and before all that are named here have found nothing. */
  readonly quarantine?: readonly ('clamav' | 'webhook')[] | undefined

  /** Of the types that browsers may show in place, those that they may show here; all others are saved. */
  readonly inlineTypes?: readonly string[] | undefined

  /** Of files in mounted buckets: how bytes reach whoever may have them. Through this server (`proxied`, as without this line), by a redirect to a URL of the store that lives a minute, or by a URL of the store that is handed out itself, which nothing but its end takes back. */
  readonly delivery?: 'proxied' | 'redirected' | 'direct' | undefined
}
export interface PolicyPreview {
  /** Links that work and would not any more. */
  readonly refused: readonly {
    /** An id. */
    readonly id: string

    readonly path: string

    readonly method: 'GET' | 'PUT' | 'POST'

    /** ISO 8601, UTC. */
    readonly expiresAt: string

    readonly createdBy: string

    /** The rule that would refuse it. */
    readonly rule: string

    readonly detail: string
  }[]

  /** Living links that were looked at for this page. */
  readonly examined: number

  readonly nextCursor: string | null

  /** With the first page; null on those behind it. */
  readonly requests: {
    /** ISO 8601, UTC. */
    readonly since: string

    /** By link, the most requests first. */
    readonly refused: readonly {
      /** An id. */
      readonly link: string

      readonly path: string

      readonly requests: number

      /** ISO 8601, UTC. */
      readonly lastAt: string

      /** The rule that would have refused them. */
      readonly rule: string

      readonly detail: string
    }[]

    /** Requests of links with a record, answered since then. */
    readonly examined: number

    /** Requests with URLs that have no record: those that come with files, and those that clients presign. */
    readonly unjudged: number

    /** False: there were more than are looked at, and these are the newest. */
    readonly complete: boolean
  } | null
}
export interface PolicyPreviewRequest {
  /** Its lines hold where `policy` says nothing else. */
  readonly preset?: 'strict' | 'standard' | 'open' | undefined

  readonly policy?: Policy | undefined

  /** Entries on a page; 100 unless said otherwise. */
  readonly limit?: number | undefined

  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
}
export interface PolicyRequest {
  /** Its lines hold where `policy` says nothing else. */
  readonly preset?: 'strict' | 'standard' | 'open' | undefined

  readonly policy?: Policy | undefined

  /** Why; kept with the change. */
  readonly reason?: string | undefined
}

/** A policy, and what holds with it. */
export interface PolicyView {
  /** Empty for the instance. */
  readonly path: string

  readonly policy: Policy

  /** What holds here, line by line. */
  readonly lines: Readonly<
    Record<
      string,
      {
        readonly value: unknown

        /** The folder that says so; `instance` for the whole server; null where the standard holds. */
        readonly from: string | null
      }
    >
  >

  /** How full the quotas of this folder and of those above it are. */
  readonly quotas: readonly {
    /** The folder that says so. */
    readonly from: string

    readonly maxTotalBytes: number | null

    readonly maxFiles: number | null

    /** What lies below it, with old versions and the parts of open uploads. */
    readonly usedBytes: number

    readonly usedFiles: number
  }[]

  /** How often the settings of this place were changed. */
  readonly version: number

  readonly changedAt: string | null

  /** The id of a key. */
  readonly changedBy: string | null

  readonly reason: string | null
}

/** A problem document (RFC 9457). */
export interface Problem {
  /** Its last segment is the code. */
  readonly type: string

  readonly title: string

  readonly status: number

  readonly detail: string

  readonly code:
    | 'bucket-name-invalid'
    | 'bucket-not-found'
    | 'bucket-not-empty'
    | 'bucket-exists'
    | 'bucket-read-only'
    | 'mount-limited'
    | 'mount-overlaps'
    | 'store-refused'
    | 'key-too-long'
    | 'path-invalid'
    | 'file-not-found'
    | 'version-not-found'
    | 'version-deleted'
    | 'copy-source-deleted'
    | 'file-exists'
    | 'folder-not-found'
    | 'link-not-found'
    | 'share-not-found'
    | 'key-not-found'
    | 'alert-not-found'
    | 'watch-setting-not-found'
    | 'held-file-not-found'
    | 'malware-found'
    | 'file-unscannable'
    | 'upload-refused'
    | 'upload-overtaken'
    | 'webhook-not-found'
    | 'delivery-not-found'
    | 'master-key-elsewhere'
    | 'revocation-not-found'
    | 'precondition-failed'
    | 'not-modified'
    | 'range-not-satisfiable'
    | 'field-invalid'
    | 'file-too-large'
    | 'file-too-small'
    | 'quota-exceeded'
    | 'content-type-not-allowed'
    | 'type-contradicted'
    | 'metadata-too-large'
    | 'digest-mismatch'
    | 'body-incomplete'
    | 'upload-too-long'
    | 'upload-not-found'
    | 'upload-limit'
    | 'link-limit'
    | 'upload-offset-wrong'
    | 'upload-link-invalid'
    | 'upload-claim-wrong'
    | 'upload-incomplete'
    | 'part-invalid'
    | 'part-order-invalid'
    | 'part-too-small'
    | 'part-not-satisfiable'
    | 'expiry-too-long'
    | 'token-expired'
    | 'policy-refused'
    | 'unauthenticated'
    | 'api-key-invalid'
    | 'user-token-invalid'
    | 'issuer-unavailable'
    | 'session-over'
    | 'session-foreign'
    | 'sign-in-stale'
    | 'sign-in-refused'
    | 'sign-in-no-group'
    | 'sign-in-unavailable'
    | 'forbidden'
    | 'link-revoked'
    | 'link-paused'
    | 'link-used'
    | 'link-not-yet'
    | 'link-shortened'
    | 'link-widened'
    | 'link-ip-not-allowed'
    | 'link-preview-refused'
    | 'share-password-needed'
    | 'share-password-wrong'
    | 'too-many-passwords'
    | 'no-file-sent'
    | 'too-many-to-pack'
    | 'share-form-foreign'
    | 'revocation-ahead'
    | 'too-many-requests'
    | 'method-not-allowed'
    | 'body-malformed'
    | 'body-too-large'
    | 'media-type-unsupported'
    | 'route-not-found'
    | 'internal-error'
    | 'store-unavailable'
    | 'storage-full'
    | 'store-corrupt'
    | 'body-too-slow'
    | 'client-gone'
    | 'host-not-served'

  /** What to do about it. */
  readonly remedy?: string | undefined

  /** What is to blame, if one thing is. */
  readonly field?: string | undefined
}

/** Why a request fails. Holds no secret, no signature and no URL. */
export interface RequestExplanation {
  /** Whether it is a request to this server; of others no more is known than what can be seen. */
  readonly isHere: boolean

  readonly dialect: string | null

  /** `refused`: it fits a key, and is refused all the same; `unchecked`: no key for it is here. */
  readonly signature: 'valid' | 'refused' | 'invalid' | 'unchecked'

  /** Likeliest first. */
  readonly causes: readonly ExplainedCause[]

  /** What would be better and keeps no request from working. */
  readonly advice: readonly ExplainedCause[]

  /** The link that it names, as `GET /v1/links/{id}` has it. */
  readonly link: Link | null
}

/** Links in reach that were issued before `notBefore` are dead. */
export interface Revocation {
  /** The id of a rule. */
  readonly id: string

  readonly reach: 'all' | 'file' | 'folder' | 'key' | 'subject'

  /** The path of the file or folder, the id of the key, or the `sub` of the end user. */
  readonly target: string | null

  /** ISO 8601, UTC. */
  readonly notBefore: string

  /** When no link that the rule covers can be in time any more. */
  readonly forgottenAt: string | null
}
export interface RevocationRequest {
  /** `bucket/folder/file.txt`: the first segment is the bucket. */
  readonly file?: string | undefined

  /** `bucket/folder/file.txt`: the first segment is the bucket. */
  readonly folder?: string | undefined

  /** An id. */
  readonly key?: string | undefined

  /** The `sub` of an end user. */
  readonly subject?: string | undefined

  readonly all?: true | undefined
}

/** What ended. */
export interface RevokedKeys {
  /** The ids of the keys that ended. */
  readonly revoked: readonly string[]
}

/** Until when the cookie holds; the key may end it before. */
export interface Session {
  /** ISO 8601, UTC. */
  readonly expiresAt: string
}

/** A page for people. Its address was shown once and is not kept. */
export interface Share {
  /** An id. */
  readonly id: string

  readonly path: string

  /** Downloads: the file it is for, whatever is stored under the name later. */
  readonly fileId: string | null

  /** Said of cookies of a CDN, which open a whole folder. */
  readonly cookies?: true | undefined

  /** What became of the link. */
  readonly status: 'active' | 'expired' | 'used-up' | 'revoked'

  /** ISO 8601, UTC. */
  readonly createdAt: string

  /** The id of the key, or of the end user, that issued it. */
  readonly createdBy: string

  /** The `sub` of the end user who issued it. */
  readonly subject: string | null

  /** ISO 8601, UTC. */
  readonly expiresAt: string

  readonly maxUses: number | null

  /** So far; of links without `maxUses` up to a second late. */
  readonly uses: number

  /** Sent or stored by it so far; up to a second late. */
  readonly bytes: number

  readonly lastUsedAt: string | null

  readonly lastUsedIp: string | null

  readonly reason: string | null

  readonly label: string | null

  /** It does nothing before. */
  readonly notBefore: string | null

  /** The addresses it works from; empty for any. */
  readonly networks: readonly string[]

  readonly maxBytes: number | null

  readonly contentTypes: readonly string[]

  /** Since when it stands still until it is resumed. */
  readonly pausedAt: string | null

  readonly revokedAt: string | null

  /** What ended it: its own revocation, one of its file, a folder, a key or all, or the delete or move of its file. */
  readonly revokedBy: 'link' | 'file' | 'folder' | 'key' | 'all' | 'delete' | 'move' | null

  /** What its page gives: one file, what lies in a folder, or room in a folder for files that others send. */
  readonly kind: 'file' | 'folder' | 'drop'

  readonly hasPassword: boolean

  readonly greeting: string | null

  readonly owner: string | null
}
export interface ShareChange {
  /** ISO 8601, UTC. */
  readonly expiresAt?: string | undefined

  /** How often it works; uploads once unless said otherwise. HEAD, 416, previews and the rest of a download that broke off use nothing. */
  readonly maxUses?: number | undefined

  readonly label?: string | null | undefined

  /** It does nothing before. Its life is counted from now all the same. */
  readonly notBefore?: string | undefined

  /** An address or range, or several, from which alone the link works. */
  readonly ip?: string | readonly string[] | undefined

  /** Uploads: a larger body is stopped on the way. */
  readonly maxBytes?: number | undefined

  /** Uploads: one of these must be sent; `image/*` takes a family. */
  readonly contentTypes?: readonly string[] | undefined

  /** Asked for by the page. Kept as a scrypt hash, and never shown again. */
  readonly password?: string | undefined

  readonly greeting?: string | null | undefined

  readonly owner?: string | null | undefined
}
export interface ShareRequest {
  /** `bucket/folder/file.txt`: the first segment is the bucket. */
  readonly path?: string | undefined

  /** An id. */
  readonly fileId?: string | undefined

  /** What its page gives: one file, what lies in a folder, or room in a folder for files that others send. */
  readonly kind?: 'file' | 'folder' | 'drop' | undefined

  /** Seconds. A day unless said otherwise; over 24 hours only with a reason, never over 7 days. */
  readonly expiresIn?: number | undefined

  /** How many downloads, or files of a drop; any number unless said otherwise. Looking at the page uses nothing. */
  readonly maxUses?: number | undefined

  /** Asked for by the page. Kept as a scrypt hash, and never shown again. */
  readonly password?: string | undefined

  /** What the page says to people. */
  readonly greeting?: string | undefined

  /** Who shares, as the page names them. */
  readonly owner?: string | undefined

  /** It does nothing before. Its life is counted from now all the same. */
  readonly notBefore?: string | undefined

  /** An address or range, or several, from which alone the link works. */
  readonly ip?: string | readonly string[] | undefined

  /** What you call it. */
  readonly label?: string | undefined

  /** Why the link exists; kept with its record. Needed for more than 24 hours. */
  readonly reason?: string | undefined

  /** Uploads: a larger body is stopped on the way. */
  readonly maxBytes?: number | undefined

  /** Uploads: one of these must be sent; `image/*` takes a family. */
  readonly contentTypes?: readonly string[] | undefined
}

/** A request that sends the file or a part of it. */
export interface SignedRequest {
  /** Null: the whole file. */
  readonly partNumber: number | null

  readonly method: 'PUT' | 'POST'

  readonly url: string

  /** What must be sent; `Content-Length` goes by itself. */
  readonly headers: Readonly<Record<string, string>>

  /** POST: what must stand in the form, before the file, which is its field `file`. */
  readonly fields?: Readonly<Record<string, string>> | undefined

  /** Bytes of its body: exactly so many. */
  readonly size: number

  /** ISO 8601, UTC. */
  readonly expiresAt: string
}

/** An upload, and the requests that send it. */
export interface SignedUpload {
  readonly upload: Upload

  readonly requests: readonly SignedRequest[]
}

/** A key the server signs its own links with. The active one signs; retiring ones verify what they signed, retired ones nothing. */
export interface SigningKey {
  /** An id. */
  readonly id: string

  readonly state: 'active' | 'retiring' | 'retired'

  /** ISO 8601, UTC. */
  readonly createdAt: string

  readonly createdBy: string

  /** When another one took over: what it signed before then still verifies. */
  readonly rotatedAt: string | null

  readonly revokedAt: string | null
}
export interface Stats {
  /** ISO 8601, UTC. */
  readonly at: string

  /** The one that was asked for; null for all that the key reaches. */
  readonly bucket: string | null

  readonly buckets: StatsCount

  /** Mounted buckets, whose files and uploads are not counted: their stores have them. */
  readonly mounted: number

  readonly files: StatsBytes

  readonly versions: StatsBytes

  readonly uploads: StatsCount

  readonly links: StatsStates

  readonly shares: StatsStates

  readonly held: StatsCount

  readonly alerts: StatsCount

  /** What happened in the last 24 hours, the most frequent first. */
  readonly events: {
    /** ISO 8601, UTC. */
    readonly since: string

    readonly kinds: readonly {
      /** What happened. */
      readonly kind:
        | 'link.issued'
        | 'link.narrowed'
        | 'link.paused'
        | 'link.resumed'
        | 'link.revoked'
        | 'links.swept'
        | 'sweep.removed'
        | 'key.created'
        | 'key.revoked'
        | 'key.changed'
        | 'key.disabled'
        | 'key.enabled'
        | 'key.rotated'
        | 'key.retired'
        | 'master-key.rotated'
        | 'session.begun'
        | 'session.ended'
        | 'folder.changed'
        | 'folder.removed'
        | 'bucket.created'
        | 'bucket.changed'
        | 'bucket.removed'
        | 'file.created'
        | 'file.moved'
        | 'file.deleted'
        | 'blob.damaged'
        | 'blob.healed'
        | 'upload.held'
        | 'webhook.created'
        | 'webhook.changed'
        | 'webhook.removed'
        | 'webhook.resent'
        | 'alert.raised'
        | 'alert.closed'
        | 'watch.changed'
        | 'link.used'
        | 'link.previewed'
        | 'key.issued'
        | 'file.read'
        | 'key.used'
        | 'upload.rejected'
        | 'request.refused'
        | 'scanner.lost'

      readonly count: number
    }[]

    /** Why requests were refused or broke off. */
    readonly codes: readonly {
      readonly code: string

      readonly count: number
    }[]

    /** There is more: so many were looked at, and no more. */
    readonly isPartial: boolean
  }

  /** For administrators of the whole instance. */
  readonly server: {
    readonly version: string

    readonly catalog: 'sqlite' | 'postgresql'

    readonly blobs: 'disk' | 's3' | 'gs' | 'azure'

    /** When the oldest signing key was made whose links still work. */
    readonly oldestSigningKeyAt: string | null
  } | null
}
export interface StatsBytes {
  readonly count: number

  readonly bytes: number

  /** There is more: so many were looked at, and no more. */
  readonly isPartial: boolean
}
export interface StatsCount {
  readonly count: number

  /** There is more: so many were looked at, and no more. */
  readonly isPartial: boolean
}
export interface StatsStates {
  /** Without those that stand still. */
  readonly active: number

  readonly paused: number

  /** There are more active or paused ones: so many were looked at, and no more. */
  readonly isPartial: boolean

  /** Of the newest: run out, used up or revoked. */
  readonly ended: number

  /** There are older ones, of which some may have ended. */
  readonly isEndedPartial: boolean
}

/** A file. */
export interface StoredFile {
  /** An id. */
  readonly id: string

  /** Bucket and key. */
  readonly path: string

  /** The last part of the path. */
  readonly name: string

  /** Bytes. */
  readonly size: number

  readonly contentType: string

  /** As S3 has it, without quotes: the MD5 of the bytes in hex, unless it came in parts. */
  readonly etag: string

  /** Hex; null of a file that came in parts. */
  readonly sha256: string | null

  readonly metadata: Readonly<Record<string, string>>

  readonly visibility: 'public' | 'private'

  /** ISO 8601, UTC. */
  readonly createdAt: string

  /** ISO 8601, UTC. */
  readonly modifiedAt: string

  /** Private files: fetches the file until `expiresAt`. Left out where the policy of the folder wants more of a link. */
  readonly signedUrl?: string | undefined

  /** ISO 8601, UTC. */
  readonly expiresAt?: string | undefined

  /** The id of `signedUrl`, by which it can be revoked. */
  readonly linkId?: string | undefined

  /** Said where bytes come from the store itself, or the CDN before it. Redirected: `signedUrl` or `url` leads there at each click. Direct: `signedUrl` is one of theirs: only `expiresAt` ends it, nobody counts it, and it has no id. */
  readonly delivery?: 'redirected' | 'direct' | undefined

  /** Public files: fetches the file. */
  readonly url?: string | undefined
}

/** The credentials, shown this once and stored nowhere. */
export interface TemporaryKey {
  /** An id. */
  readonly accessKeyId: string

  readonly secretAccessKey: string

  /** To be sent with every request. */
  readonly sessionToken: string

  readonly actions: readonly ('read' | 'write' | 'delete' | 'list')[]

  readonly pathPrefix: string

  readonly cidrs: readonly string[]

  readonly mayPresignDelete: boolean

  /** ISO 8601, UTC. */
  readonly expiresAt: string
}

/** A file on its way. */
export interface Upload {
  /** An id. */
  readonly id: string

  /** Ended: it ran out, was aborted, or its link was revoked. */
  readonly status: 'open' | 'finished' | 'ended'

  readonly method: 'put' | 'post' | 'multipart'

  readonly path: string

  readonly size: number

  /** Bytes of each part but the last; null of what comes in one piece. */
  readonly partSize: number | null

  readonly partCount: number

  /** Those that are there. */
  readonly parts: readonly {
    readonly number: number

    readonly size: number
  }[]

  /** Said where the requests lead to the store itself: they end with their time alone. Nothing they send is a file before the upload is completed here, and of one that was revoked nothing becomes one. */
  readonly delivery?: 'direct' | undefined

  readonly label: string | null

  /** The link behind it: revoked, it ends the upload. */
  readonly linkId: string

  /** ISO 8601, UTC. */
  readonly expiresAt: string

  /** What it became, with the URL that fetches it; null while that waits. */
  readonly file: StoredFile | null

  /** Under which it waits in quarantine until it was looked at. */
  readonly heldId: string | null
}
export interface UploadRequest {
  /** `bucket/folder/file.txt`: the first segment is the bucket. */
  readonly path: string

  /** Bytes of the file: exactly so many must come. */
  readonly size: number

  /** What the ending of the name says unless said otherwise. */
  readonly contentType?: string | undefined

  /** What the sender can do, `put` and `multipart` unless said otherwise: one request, the form of a web page, parts. Up to 16 MiB come in one piece. */
  readonly methods?: readonly ('put' | 'post' | 'multipart')[] | undefined

  readonly metadata?: Readonly<Record<string, string>> | undefined

  /** Seconds in which it must be complete: a day in parts, an hour in one piece, or as long as the policy allows. Its URLs live minutes and are signed again. */
  readonly expiresIn?: number | undefined

  /** True: a file at the path is replaced. */
  readonly overwrite?: boolean | undefined

  /** Through this server, also where the folder lets it go to the store itself: for a sender that reaches no other host, or a page that the store does not let in. */
  readonly delivery?: 'proxied' | undefined

  /** Uploads: of the only body it takes, in hex as sha256sum writes it. */
  readonly sha256?: string | undefined

  /** An address or range, or several, from which alone the link works. */
  readonly ip?: string | readonly string[] | undefined

  /** Why the link exists; kept with its record. Needed for more than 24 hours. */
  readonly reason?: string | undefined

  /** What you call it. */
  readonly label?: string | undefined
}

/** From where on something looks wrong below a folder. */
export interface WatchSetting {
  /** A folder; empty for everything. */
  readonly folder: string

  readonly thresholds: Readonly<Record<string, unknown>>

  readonly pause: readonly string[]
}
export interface WatchSettingRequest {
  /** A folder; empty for everything. */
  readonly folder: string

  readonly thresholds?:
    | {
        /** 30 unless set; null never raises an alert. */
        readonly networksPerDay?: number | null | undefined

        /** 10 unless set; null never raises an alert. */
        readonly networksPerMinute?: number | null | undefined

        /** 15 unless set; null never raises an alert. */
        readonly networksAfterEnd?: number | null | undefined

        /** 500 unless set; null never raises an alert. */
        readonly requestsAfterEnd?: number | null | undefined

        /** 40 unless set; null never raises an alert. */
        readonly probes?: number | null | undefined

        /** 15 unless set; null never raises an alert. */
        readonly hotLinkAddresses?: number | null | undefined

        /** 500 unless set; null never raises an alert. */
        readonly usesPerHour?: number | null | undefined

        /** 53687091200 unless set; null never raises an alert. */
        readonly bytesPerHour?: number | null | undefined

        /** 20 unless set; null never raises an alert. */
        readonly keyHistory?: number | null | undefined
      }
    | undefined

  /** Rules that pause the link they are about. */
  readonly pause?:
    | readonly (
        | 'many-networks'
        | 'impossible-pace'
        | 'use-after-end'
        | 'enumeration'
        | 'hot-linking'
        | 'volume'
        | 'key-new-network'
        | 'scanner-lost'
        | 'damaged-blob'
        | 'key-ends-in-week'
        | 'key-ends-in-day'
        | 'store-refuses'
      )[]
    | undefined
}

/** How people sign in, besides with an API key. */
export interface WaysIn {
  /** The provider of OpenID Connect that signs people in; `null` without one. */
  readonly openId: { readonly issuer: string } | null

  /** The page that asks is the console, in a browser that is signed in to it. */
  readonly isSignedIn: boolean
}

/** Who is told what happened. */
export interface Webhook {
  /** An id. */
  readonly id: string

  readonly name: string

  readonly url: string

  readonly events: readonly (
    | 'link.issued'
    | 'link.narrowed'
    | 'link.paused'
    | 'link.resumed'
    | 'link.revoked'
    | 'links.swept'
    | 'sweep.removed'
    | 'key.created'
    | 'key.revoked'
    | 'key.changed'
    | 'key.disabled'
    | 'key.enabled'
    | 'key.rotated'
    | 'key.retired'
    | 'master-key.rotated'
    | 'session.begun'
    | 'session.ended'
    | 'folder.changed'
    | 'folder.removed'
    | 'bucket.created'
    | 'bucket.changed'
    | 'bucket.removed'
    | 'file.created'
    | 'file.moved'
    | 'file.deleted'
    | 'blob.damaged'
    | 'blob.healed'
    | 'upload.held'
    | 'webhook.created'
    | 'webhook.changed'
    | 'webhook.removed'
    | 'webhook.resent'
    | 'alert.raised'
    | 'alert.closed'
    | 'watch.changed'
    | 'link.used'
    | 'link.previewed'
    | 'key.issued'
    | 'file.read'
    | 'key.used'
    | 'upload.rejected'
    | 'request.refused'
    | 'scanner.lost'
  )[]

  readonly folder: string

  /** ISO 8601, UTC. */
  readonly createdAt: string

  readonly createdBy: string

  readonly disabledAt: string | null

  /** Messages not made because 100,000 were waiting already. */
  readonly skipped: number
}
export interface WebhookChange {
  readonly name?: string | undefined

  /** https, at a public address. Its query may hold a secret: the server writes it nowhere else. */
  readonly url?: string | undefined

  readonly events?:
    | readonly (
        | 'link.issued'
        | 'link.narrowed'
        | 'link.paused'
        | 'link.resumed'
        | 'link.revoked'
        | 'links.swept'
        | 'sweep.removed'
        | 'key.created'
        | 'key.revoked'
        | 'key.changed'
        | 'key.disabled'
        | 'key.enabled'
        | 'key.rotated'
        | 'key.retired'
        | 'master-key.rotated'
        | 'session.begun'
        | 'session.ended'
        | 'folder.changed'
        | 'folder.removed'
        | 'bucket.created'
        | 'bucket.changed'
        | 'bucket.removed'
        | 'file.created'
        | 'file.moved'
        | 'file.deleted'
        | 'blob.damaged'
        | 'blob.healed'
        | 'upload.held'
        | 'webhook.created'
        | 'webhook.changed'
        | 'webhook.removed'
        | 'webhook.resent'
        | 'alert.raised'
        | 'alert.closed'
        | 'watch.changed'
        | 'link.used'
        | 'link.previewed'
        | 'key.issued'
        | 'file.read'
        | 'key.used'
        | 'upload.rejected'
        | 'request.refused'
        | 'scanner.lost'
      )[]
    | undefined

  /** Only what happens below this folder; left out or empty, everything. */
  readonly folder?: string | undefined

  readonly disabled?: boolean | undefined
}
export interface WebhookRequest {
  readonly name: string

  /** https, at a public address. Its query may hold a secret: the server writes it nowhere else. */
  readonly url: string

  readonly events: readonly (
    | 'link.issued'
    | 'link.narrowed'
    | 'link.paused'
    | 'link.resumed'
    | 'link.revoked'
    | 'links.swept'
    | 'sweep.removed'
    | 'key.created'
    | 'key.revoked'
    | 'key.changed'
    | 'key.disabled'
    | 'key.enabled'
    | 'key.rotated'
    | 'key.retired'
    | 'master-key.rotated'
    | 'session.begun'
    | 'session.ended'
    | 'folder.changed'
    | 'folder.removed'
    | 'bucket.created'
    | 'bucket.changed'
    | 'bucket.removed'
    | 'file.created'
    | 'file.moved'
    | 'file.deleted'
    | 'blob.damaged'
    | 'blob.healed'
    | 'upload.held'
    | 'webhook.created'
    | 'webhook.changed'
    | 'webhook.removed'
    | 'webhook.resent'
    | 'alert.raised'
    | 'alert.closed'
    | 'watch.changed'
    | 'link.used'
    | 'link.previewed'
    | 'key.issued'
    | 'file.read'
    | 'key.used'
    | 'upload.rejected'
    | 'request.refused'
    | 'scanner.lost'
  )[]

  /** Only what happens below this folder; left out or empty, everything. */
  readonly folder?: string | undefined
}
/** The codes of docs/errors.md. */
export type ProblemCode = Problem['code']
/** List the files of a folder, or find one by its path. */
export interface FileQuery {
  /** `bucket/some/folder`. */
  readonly folder?: string | undefined

  /** `bucket/folder/file.txt`: the first segment is the bucket. */
  readonly path?: string | undefined

  /** Only what begins with these letters, below the folder. */
  readonly startsWith?: string | undefined

  /** True: every file below, instead of the folders directly in it. */
  readonly recursive?: boolean | undefined

  /** Entries on a page; 100 unless said otherwise. */
  readonly limit?: number | undefined

  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
}
/** Follow what happens as server-sent events. */
export interface EventFilter {
  /** An id. */
  readonly link?: string | undefined

  /** Only of this file, or of what is below this folder if it ends in a slash. */
  readonly path?: string | undefined

  /** An id. */
  readonly key?: string | undefined

  /** A code of the list of errors. */
  readonly code?: string | undefined

  /** What happened. */
  readonly kind?:
    | 'link.issued'
    | 'link.narrowed'
    | 'link.paused'
    | 'link.resumed'
    | 'link.revoked'
    | 'links.swept'
    | 'sweep.removed'
    | 'key.created'
    | 'key.revoked'
    | 'key.changed'
    | 'key.disabled'
    | 'key.enabled'
    | 'key.rotated'
    | 'key.retired'
    | 'master-key.rotated'
    | 'session.begun'
    | 'session.ended'
    | 'folder.changed'
    | 'folder.removed'
    | 'bucket.created'
    | 'bucket.changed'
    | 'bucket.removed'
    | 'file.created'
    | 'file.moved'
    | 'file.deleted'
    | 'blob.damaged'
    | 'blob.healed'
    | 'upload.held'
    | 'webhook.created'
    | 'webhook.changed'
    | 'webhook.removed'
    | 'webhook.resent'
    | 'alert.raised'
    | 'alert.closed'
    | 'watch.changed'
    | 'link.used'
    | 'link.previewed'
    | 'key.issued'
    | 'file.read'
    | 'key.used'
    | 'upload.rejected'
    | 'request.refused'
    | 'scanner.lost'
    | undefined

  /** ISO 8601, UTC. */
  readonly since?: string | undefined

  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
}
/** A call for each operation. */
export interface GeneratedCalls {
  readonly accessKeys: {
    /** Create an S3 key pair.
     * The secret is shown in this answer and never again. URLs presigned with the pair live at most `maxExpiresIn` seconds, a day unless said otherwise. */
    readonly create: (
      input: {
        readonly name: string

        /** What the key may do. */
        readonly actions: readonly (
          | 'read'
          | 'write'
          | 'delete'
          | 'list'
          | 'share'
          | 'publish'
          | 'admin'
          | 'metrics'
        )[]

        readonly pathPrefix?: string | undefined

        /** IP addresses or CIDR ranges. */
        readonly cidrs?: readonly string[] | undefined

        /** ISO 8601, UTC. */
        readonly expiresAt?: string | undefined

        /** What may lie there of all that is stored with the key, and by links it issues. A key made with one that has a quota shares its room. */
        readonly quota?:
          | {
              /** Bytes that may lie there in all, with old versions and parts of open uploads. */
              readonly maxTotalBytes?: number | undefined

              /** Files that may lie there in all. */
              readonly maxFiles?: number | undefined
            }
          | undefined

        readonly maxExpiresIn?: number | undefined

        readonly mayPresignDelete?: boolean | undefined
      },
      options?: CallOptions,
    ) => Promise<CreatedAccessKey>

    /** List the S3 key pairs */
    readonly list: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{ readonly accessKeys: readonly AccessKey[] }>

    /** Create temporary S3 credentials.
     * They may what the calling key may at most, and end with it, at their time, or with a sweep that ends its links. `pathPrefix` is the prefix of the calling key unless a narrower one is asked for. The right to share is needed there. */
    readonly createTemporaryKey: (
      input: {
        readonly actions: readonly ('read' | 'write' | 'delete' | 'list')[]

        readonly pathPrefix?: string | undefined

        /** IP addresses or CIDR ranges. */
        readonly cidrs?: readonly string[] | undefined

        /** Seconds; 3600 unless said otherwise. */
        readonly expiresIn?: number | undefined

        readonly mayPresignDelete?: boolean | undefined
      },
      options?: CallOptions,
    ) => Promise<TemporaryKey>

    /** List the living keys that a key made, and those that they made */
    readonly listDescendants: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<{ readonly descendants: readonly KeyDescendant[] }>

    /** Switch an S3 key pair off or on, or change its quota.
     * Off, its requests and the URLs signed with it are refused everywhere within a second; on again, those that are in time work again. Its quota is changed as that of an API key. */
    readonly update: (
      input: {
        /** An id. */
        readonly id: string
      } & {
        readonly disabled?: boolean | undefined

        /** What is not named stays as it is; `null` is any number, and is counted on. */
        readonly quota?:
          | {
              readonly maxTotalBytes?: number | null | undefined

              readonly maxFiles?: number | null | undefined
            }
          | undefined
      },
      options?: CallOptions,
    ) => Promise<AccessKey>

    /** Revoke an S3 key pair.
     * Requests and URLs signed with it are refused everywhere within a second. */
    readonly revoke: (
      input: {
        /** True: the keys that it made end too, and all links that it and they issued. */
        readonly descendants?: boolean | undefined

        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<RevokedKeys | undefined>
  }
  readonly alerts: {
    /** List what looked wrong, newest first.
     * Open ones, unless `state` says `closed`. Closed ones are listed for 400 days. A key with a path prefix sees those of what lies below. */
    readonly list: (
      input?: {
        readonly state?: 'open' | 'closed' | undefined

        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<{
      readonly alerts: readonly Alert[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** Look at an alert */
    readonly get: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<Alert>

    /** Say that an alert was seen to.
     * A link that was paused with it stays so: `POST /v1/links/{id}/resume` lets it go on. Closing twice is fine. */
    readonly close: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<Alert>
  }
  readonly apiKeys: {
    /** Create an API key.
     * The key is shown in this answer and never again. It can have no more rights than its maker, and lives no longer. */
    readonly create: (
      input: {
        readonly name: string

        /** What the key may do. */
        readonly actions: readonly (
          | 'read'
          | 'write'
          | 'delete'
          | 'list'
          | 'share'
          | 'publish'
          | 'admin'
          | 'metrics'
        )[]

        readonly pathPrefix?: string | undefined

        /** IP addresses or CIDR ranges. */
        readonly cidrs?: readonly string[] | undefined

        /** ISO 8601, UTC. */
        readonly expiresAt?: string | undefined

        /** What may lie there of all that is stored with the key, and by links it issues. A key made with one that has a quota shares its room. */
        readonly quota?:
          | {
              /** Bytes that may lie there in all, with old versions and parts of open uploads. */
              readonly maxTotalBytes?: number | undefined

              /** Files that may lie there in all. */
              readonly maxFiles?: number | undefined
            }
          | undefined
      },
      options?: CallOptions,
    ) => Promise<CreatedApiKey>

    /** List the API keys */
    readonly list: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{ readonly apiKeys: readonly ApiKey[] }>

    /** List the living keys that a key made, and those that they made */
    readonly listDescendants: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<{ readonly descendants: readonly KeyDescendant[] }>

    /** Change the quota of an API key.
     * Wider or narrower, from the next write on; what lies there already stays. For keys that were made with a quota of their own, and by keys that have none. */
    readonly update: (
      input: {
        /** An id. */
        readonly id: string
      } & {
        /** What is not named stays as it is; `null` is any number, and is counted on. */
        readonly quota: {
          readonly maxTotalBytes?: number | null | undefined

          readonly maxFiles?: number | null | undefined
        }
      },
      options?: CallOptions,
    ) => Promise<ApiKey>

    /** Revoke an API key.
     * It is refused everywhere within a second. Links it issued go on, unless `descendants` takes them; revoke them by folder or file, or by this key. */
    readonly revoke: (
      input: {
        /** True: the keys that it made end too, and all links that it and they issued. */
        readonly descendants?: boolean | undefined

        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<RevokedKeys | undefined>
  }
  readonly buckets: {
    /** List the buckets.
     * Those within the path prefix of the key. */
    readonly list: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{ readonly buckets: readonly Bucket[] }>

    /** Make a bucket, or mount one.
     * One of this server that is there already stays as it is; it needs the rights to write and to list at its root, and the first upload into a bucket makes it as well. With `store` an existing bucket of S3, or of a store that speaks its protocol, is shown under this name with its own keys, and nothing is written into it by that; it needs the right to administer the whole instance. Sent again for the same place, the credentials and settings are the new ones. */
    readonly put: (
      input: {
        /** As S3 has it. */
        readonly name: string
      } & { readonly store?: BucketMount | undefined },
      options?: CallOptions,
    ) => Promise<Bucket>

    /** Keep versions, or no more.
     * Enabled, what is replaced or deleted stays as a version and can be restored. Suspended, no more are kept, and those that are there stay. Needs the right to administer at its root. */
    readonly update: (
      input: {
        /** As S3 has it. */
        readonly name: string
      } & { readonly versioning: 'enabled' | 'suspended' },
      options?: CallOptions,
    ) => Promise<Bucket>

    /** Get a bucket */
    readonly get: (
      input: {
        /** As S3 has it. */
        readonly name: string
      },
      options?: CallOptions,
    ) => Promise<Bucket>

    /** Delete an empty bucket, or unmount one.
     * The settings of its folders go with it. Of a mounted bucket nothing else goes: its objects stay where they lie. */
    readonly delete: (
      input: {
        /** As S3 has it. */
        readonly name: string
      },
      options?: CallOptions,
    ) => Promise<undefined>
  }
  readonly checklist: {
    /** Answer the security checklist.
     * What settings, policies and keys make of each item, and how to mend it. `hallpass doctor` asks the same, and tries from outside what can be tried. */
    readonly get: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{
      readonly items: readonly {
        readonly id:
          | 'short-lives'
          | 'longest-life'
          | 'logs'
          | 'referrers'
          | 'error-reports'
          | 'redirects'
          | 'rights-first'
          | 'methods'
          | 'revocation'
          | 'caching'
          | 'rotation'
          | 'scopes'
          | 'cookies'
          | 'watching'
          | 'upload-types'
          | 'upload-content'
          | 'upload-sizes'
          | 'transport'
          | 'openness'
          | 'records'

        /** 1 to 17; null of what came on top. */
        readonly number: number | null

        readonly title: string

        /** `advice`: nothing is wrong, and it could be better. */
        readonly status: 'passed' | 'advice' | 'failed'

        /** None where the server keeps to the item whatever is set. */
        readonly findings: readonly {
          /** Stable. */
          readonly id: string

          /** `advice`: nothing is wrong, and it could be better. */
          readonly status: 'passed' | 'advice' | 'failed'

          readonly found: string

          /** How to mend it. */
          readonly remedy: string | null
        }[]
      }[]
    }>
  }
  readonly connection: {
    /** See as whom the server sees you.
     * Where `forwardedBy` names a header and `address` is `peer` all the same, a proxy stands before the server that `trustedProxies` does not name: everybody then looks like that proxy. */
    readonly get: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<Connection>
  }
  readonly cookies: {
    /** Issue cookies of a CDN for a folder.
     * For a folder of a mounted bucket with CloudFront before it, in which all delivery is `direct`: whoever has the cookies reads all that lies in it from the CDN, until they end. Nothing ends them earlier. */
    readonly create: (input: CookieRequest, options?: CallOptions) => Promise<IssuedCookies>
  }
  readonly events: {
    /** List what happened, newest first.
     * Needs the action `admin` where it happened; a key with a path prefix sees what happened below it. Changes of files and rights are never missing. Uses of links and keys follow within a second. A page looks at a bounded number of events: it may be empty though more follow, and `nextCursor` says so. */
    readonly list: (
      input?: {
        /** An id. */
        readonly link?: string | undefined

        /** Only of this file, or of what is below this folder if it ends in a slash. */
        readonly path?: string | undefined

        /** An id. */
        readonly key?: string | undefined

        /** A code of the list of errors. */
        readonly code?: string | undefined

        /** What happened. */
        readonly kind?:
          | 'link.issued'
          | 'link.narrowed'
          | 'link.paused'
          | 'link.resumed'
          | 'link.revoked'
          | 'links.swept'
          | 'sweep.removed'
          | 'key.created'
          | 'key.revoked'
          | 'key.changed'
          | 'key.disabled'
          | 'key.enabled'
          | 'key.rotated'
          | 'key.retired'
          | 'master-key.rotated'
          | 'session.begun'
          | 'session.ended'
          | 'folder.changed'
          | 'folder.removed'
          | 'bucket.created'
          | 'bucket.changed'
          | 'bucket.removed'
          | 'file.created'
          | 'file.moved'
          | 'file.deleted'
          | 'blob.damaged'
          | 'blob.healed'
          | 'upload.held'
          | 'webhook.created'
          | 'webhook.changed'
          | 'webhook.removed'
          | 'webhook.resent'
          | 'alert.raised'
          | 'alert.closed'
          | 'watch.changed'
          | 'link.used'
          | 'link.previewed'
          | 'key.issued'
          | 'file.read'
          | 'key.used'
          | 'upload.rejected'
          | 'request.refused'
          | 'scanner.lost'
          | undefined

        /** ISO 8601, UTC. */
        readonly since?: string | undefined

        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<{
      readonly events: readonly AuditEvent[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>
  }
  readonly explain: {
    /** Say why a request fails.
     * Of a request to this server: the signature is computed again with its own keys, ended ones too, and beside it stands what the record of the link, the policy of the folder, the key that signed and the file say. For administrators of the instance: whoever reads the answers could mend a signature that is nearly right. Nothing is counted as a use, and the URL is kept nowhere. Of requests to other services it says what can be seen. */
    readonly request: (input: ExplainRequest, options?: CallOptions) => Promise<RequestExplanation>
  }
  readonly files: {
    /** Get a file and a URL that fetches it */
    readonly get: (
      input: {
        /** Downloads: whether a browser saves the file, as it does unless said otherwise, or shows it. Types that could run as a page are saved all the same. */
        readonly disposition?: 'attachment' | 'inline' | undefined

        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<StoredFile>

    /** Rename or move a file.
     * The id stays. Links to the file end, and so do those to what it replaces. */
    readonly update: (
      input: {
        /** An id. */
        readonly id: string
      } & {
        /** `bucket/folder/file.txt`: the first segment is the bucket. */
        readonly path: string

        /** True: a file at the target is replaced. Otherwise it is refused. */
        readonly overwrite?: boolean | undefined
      },
      options?: CallOptions,
    ) => Promise<StoredFile | HeldFile>

    /** Delete a file.
     * Every link to it ends. Needs the rights to read and to delete. */
    readonly delete: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<undefined>

    /** List the versions of a file.
     * The latest first. A bucket that keeps no versions has one of each file; `PATCH /v1/buckets/{name}` switches them on. */
    readonly listVersions: (
      input: {
        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined

        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<{
      readonly versions: readonly FileVersion[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** Delete a version for good.
     * Its bytes are given back, and nothing restores it. If it was the latest, the one before it becomes current; without the mark that says it was deleted, a file is there again. */
    readonly deleteVersion: (
      input: {
        /** An id. */
        readonly id: string

        readonly version: string
      },
      options?: CallOptions,
    ) => Promise<undefined>

    /** Bring back a version of a file.
     * A deleted file comes back as it was, under its id; its links stay ended. Of a file that is there the version named, or the one before the latest, becomes current again as a version of its own. Needs the rights to read and to write, and a bucket that keeps versions. */
    readonly restore: (
      input: {
        /** An id. */
        readonly id: string
      } & {
        /** Which one; the one before the latest unless said otherwise. */
        readonly version?: string | undefined

        /** Only if it is deleted: a file that is there stays as it is, so that the undoing of a delete can be repeated. */
        readonly ifDeleted?: boolean | undefined
      },
      options?: CallOptions,
    ) => Promise<StoredFile>

    /** Copy a file.
     * Within the server: no byte is sent. The copy has an id and links of its own. */
    readonly copy: (
      input: {
        /** An id. */
        readonly id: string
      } & {
        /** `bucket/folder/file.txt`: the first segment is the bucket. */
        readonly path: string

        /** True: a file at the target is replaced. Otherwise it is refused. */
        readonly overwrite?: boolean | undefined
      },
      options?: CallOptions,
    ) => Promise<StoredFile | HeldFile>
  }
  readonly folders: {
    /** Set visibility and policy of a folder.
     * What is left out stays as it is. `visibility: null` inherits from the folder above, at the top a folder is private; `policy: null` takes away what the folder says of its own, and a policy replaces it as a whole. A bucket that is missing is made. */
    readonly put: (
      input: { readonly path: string } & {
        readonly visibility?: 'public' | 'private' | null | undefined

        readonly policy?: Policy | null | undefined

        /** Why; kept with the change. */
        readonly reason?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<ChangedFolder>

    /** Get what holds in a folder */
    readonly get: (input: { readonly path: string }, options?: CallOptions) => Promise<Folder>

    /** Remove the settings of a folder.
     * The folder inherits again. Its files stay. The answer has a body if it was public and is private now. */
    readonly delete: (
      input: { readonly path: string },
      options?: CallOptions,
    ) => Promise<ClosedFolder | undefined>

    /** List the folders with settings */
    readonly list: (
      input?: {
        /** Only this folder and below. */
        readonly folder?: string | undefined

        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<{
      readonly folders: readonly Folder[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** Set the policy of a folder.
     * Replaces what was set before, and leaves the visibility. A line that loosens what holds above is refused. All of it holds at once, for links issued before as well. */
    readonly putPolicy: (
      input: { readonly path: string } & PolicyRequest,
      options?: CallOptions,
    ) => Promise<PolicyView>

    /** Get the policy of a folder.
     * Every line that holds, and the folder that says so. A folder whose own name is `policy` is written with a slash at its end in `/v1/folders/{path}/`. */
    readonly getPolicy: (
      input: { readonly path: string },
      options?: CallOptions,
    ) => Promise<PolicyView>

    /** List the changes of the policy of a folder, newest first */
    readonly listPolicyChanges: (
      input: {
        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined

        readonly path: string
      },
      options?: CallOptions,
    ) => Promise<{
      readonly changes: readonly {
        readonly version: number

        readonly visibility: 'public' | 'private' | null

        readonly policy: Policy

        /** The settings were taken away. */
        readonly removed: boolean

        /** ISO 8601, UTC. */
        readonly changedAt: string

        readonly changedBy: string | null

        readonly reason: string | null
      }[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** See what a policy would refuse.
     * Looks at living links page by page, newest first, and with the first page at the requests of the last seven days. Those without a record (that come with files, or that clients presign) cannot be listed. */
    readonly previewPolicy: (
      input: { readonly path: string } & PolicyPreviewRequest,
      options?: CallOptions,
    ) => Promise<PolicyPreview>
  }
  readonly links: {
    /** Issue a signed URL.
     * Name the file by `path` or by `fileId`. Method and life are signed: the URL does one thing, for that long. */
    readonly create: (input: LinkRequest, options?: CallOptions) => Promise<IssuedLink>

    /** List the links issued, newest first.
     * The URLs that come with files by themselves (`signedUrl`) are listed once they were revoked. A page of one `status` may hold fewer links than `limit`, or none, while `nextCursor` says that more follow. */
    readonly list: (
      input?: {
        /** Only those of this file, or below this folder if it ends in a slash. */
        readonly path?: string | undefined

        /** What became of the link. */
        readonly status?: 'active' | 'expired' | 'used-up' | 'revoked' | undefined

        /** An id. */
        readonly key?: string | undefined

        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<{
      readonly links: readonly Link[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** Issue many signed URLs at once.
     * The links come in the order they were asked for. If one of them is refused, none is issued, and `field` and the detail say which. */
    readonly createMany: (
      input: { readonly links: readonly LinkRequest[] },
      options?: CallOptions,
    ) => Promise<{ readonly links: readonly IssuedLink[] }>

    /** Get a link */
    readonly get: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<Link>

    /** Shorten or narrow a link.
     * What is left out stays. A link can only be made to allow less: an earlier end (one that is past is now), a later beginning, fewer uses, addresses within those it has. Its label is a name and may be any. */
    readonly narrow: (
      input: {
        /** An id. */
        readonly id: string
      } & LinkChange,
      options?: CallOptions,
    ) => Promise<Link>

    /** Revoke one link.
     * Its record stays and says when. Revoking twice is fine. The `linkId` of a `signedUrl` does as well. */
    readonly revoke: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<undefined>

    /** Let nobody have the file by a link until it is resumed.
     * Downloads under way are cut. Unlike a revocation it can be taken back. Pausing twice is fine. */
    readonly pause: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<undefined>

    /** Let a paused link go on.
     * Within its life: the pause does not make it longer. One that is not paused goes on as it does. */
    readonly resume: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<undefined>
  }
  readonly masterKey: {
    /** Since when the master key seals */
    readonly get: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{
      /** Since when it seals; `null` where it comes from a setting. */
      readonly since: string | null

      /** How many keys before it still open what they sealed. */
      readonly previous: number

      /** False where it comes from a setting: then it is changed there. */
      readonly isRotatable: boolean
    }>

    /** Rotate the master key.
     * The answer comes when every stored secret is under the new key. What a crash breaks off is gone on with. The keys before it open session tokens for 13 hours more, and are then let go of. */
    readonly rotate: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{
      /** Since when it seals; `null` where it comes from a setting. */
      readonly since: string | null

      /** How many keys before it still open what they sealed. */
      readonly previous: number

      /** False where it comes from a setting: then it is changed there. */
      readonly isRotatable: boolean

      /** How many secrets were put under it. */
      readonly resealed: number
    }>
  }
  readonly me: {
    /** Get the key that is calling.
     * What it may do, where, from which addresses and until when, and how much of its quota is taken. Every key may ask, every end user, and whoever is signed in to the console. */
    readonly get: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<CallingKey | EndUser | Person>
  }
  readonly policy: {
    /** Set the policy of the instance.
     * Replaces what was set before: `{}` is the standard again. All of it holds at once, for links issued before as well. */
    readonly put: (input: PolicyRequest, options?: CallOptions) => Promise<PolicyView>

    /** Get the policy of the instance */
    readonly get: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<PolicyView>

    /** List the changes of the policy of the instance, newest first */
    readonly listChanges: (
      input?: {
        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<{
      readonly changes: readonly {
        readonly version: number

        readonly visibility: 'public' | 'private' | null

        readonly policy: Policy

        /** The settings were taken away. */
        readonly removed: boolean

        /** ISO 8601, UTC. */
        readonly changedAt: string

        readonly changedBy: string | null

        readonly reason: string | null
      }[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** See what a policy would refuse.
     * Looks at living links page by page, newest first, and with the first page at the requests of the last seven days. Those without a record (that come with files, or that clients presign) cannot be listed. */
    readonly preview: (input: PolicyPreviewRequest, options?: CallOptions) => Promise<PolicyPreview>

    /** List the presets.
     * A preset is put in as its lines, which can then be changed one by one. */
    readonly listPresets: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{
      readonly strict: Policy

      readonly standard: Policy

      readonly open: Policy
    }>
  }
  readonly quarantine: {
    /** List files that wait, and those that were refused, newest first.
     * An administrator sees all of them, every other key what it sent itself. What was admitted is a file and listed no more; what was refused is listed for 7 days. */
    readonly listHeld: (
      input?: {
        /** Only what lies below it. */
        readonly folder?: string | undefined

        readonly state?: 'waiting' | 'rejected' | undefined

        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<{
      readonly files: readonly HeldFile[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** Get a file that waits, or why it was refused.
     * For the key that sent it, and for administrators. */
    readonly getHeld: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<HeldFile>

    /** Get the bytes of a file that waits.
     * For the key that sent it, and for administrators, with the right to read. They come as bytes of no type, to be saved: nobody knows yet what they are. */
    readonly getHeldContent: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<string>

    /** Admit or refuse a file that waits.
     * For administrators. It counts at once, whatever the scanners would say. An admitted file can still turn out not to fit its place, as when its bucket is gone: then the answer says `rejected`. */
    readonly decideHeld: (
      input: {
        /** An id. */
        readonly id: string
      } & {
        readonly verdict: 'accept' | 'reject'

        /** Why; the uploader sees it. */
        readonly reason?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<{ readonly outcome: 'admitted' | 'rejected' }>
  }
  readonly revocations: {
    /** Revoke every link made before now.
     * Exactly one of `file`, `folder`, `key` (any key: those it signed, those it issued), `subject` (an end user: the links issued with their tokens, and the tokens) and `all` says which. URLs that clients presigned themselves die too, also if they are dated up to a minute ahead; but whoever holds an access key can sign again, and only revoking the key ends that. Links made from now on work. A key or a bucket that there is not is `404`; a path at which nothing lies is not, because its links may. */
    readonly create: (
      input: RevocationRequest,
      options?: CallOptions,
    ) => Promise<{
      /** The id of a rule. */
      readonly id: string

      /** ISO 8601, UTC. */
      readonly notBefore: string

      /** ISO 8601, UTC. */
      readonly foreignNotBefore: string

      /** How many links with a record it ended, of the newest 10000 within its reach. URLs that clients presigned have no record, nor have those that come with files. */
      readonly links: number

      /** False if no file lies at the path, or below the folder, by now: it may be another one that was meant. */
      readonly holdsFiles: boolean

      /** What a revocation cannot do, and what to look at where it met nothing. */
      readonly notice: string
    }>

    /** List the revocations that hold.
     * One each for files, folders, keys and all; a later one moves it on. Links that were revoked one by one are not here, but in `GET /v1/links`. */
    readonly list: (
      input?: {
        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<{
      readonly revocations: readonly Revocation[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** Take a revocation back.
     * For one that was a mistake, or that a clock running ahead has dated into the future: what it alone had ended works again, within its life. */
    readonly delete: (
      input: {
        /** The id of a rule. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<undefined>
  }
  readonly service: {
    /** Is the process alive */
    readonly getHealth: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<string>

    /** Can the server do its work */
    readonly getReadiness: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<string>

    /** Metrics in the Prometheus text format.
     * Needs a key with the action `metrics` or `admin`, and no path prefix. */
    readonly getMetrics: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<string>

    /** This API as an OpenAPI 3.1 document */
    readonly getOpenApi: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<Readonly<Record<string, unknown>>>
  }
  readonly session: {
    /** Sign in to the console with a key.
     * Answers with a cookie that has the rights of the key, for twelve hours at most. It counts in requests of the console’s own pages alone, which say so with the header `X-Hallpass-Console`; programs send the key. */
    readonly begin: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<Session>

    /** Sign out of the console.
     * The cookie is good for nothing from then on, wherever else it is kept. */
    readonly end: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<undefined>

    /** See how the console can be signed in to */
    readonly getWaysIn: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<WaysIn>
  }
  readonly shares: {
    /** Share a file or a folder with people, or ask them for files.
     * Name a file by `path` or `fileId`, or a folder by a `path` that ends in a slash. The answer has the address of a page that needs no key. */
    readonly create: (input: ShareRequest, options?: CallOptions) => Promise<CreatedShare>

    /** List the shares made, newest first.
     * They are among the links of `GET /v1/links`, too. A page of one `status` may hold fewer than `limit`, or none, while `nextCursor` says that more follow. */
    readonly list: (
      input?: {
        /** Only those of this file, or below this folder if it ends in a slash. */
        readonly path?: string | undefined

        /** What became of the link. */
        readonly status?: 'active' | 'expired' | 'used-up' | 'revoked' | undefined

        /** An id. */
        readonly key?: string | undefined

        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined
      },
      options?: CallOptions,
    ) => Promise<{
      readonly shares: readonly Share[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** Get a share */
    readonly get: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<Share>

    /** Shorten or narrow a share, or change what it says.
     * What is left out stays. A share can only be made to allow less; a password can be set or replaced, which ends the sessions of those who knew the one before, and not taken away. Greeting, owner and label may be any, or null. */
    readonly change: (
      input: {
        /** An id. */
        readonly id: string
      } & ShareChange,
      options?: CallOptions,
    ) => Promise<Share>

    /** Revoke a share.
     * Ends its page and every URL that it handed out; what is under way is cut. Its record stays and says when. Revoking twice is fine. */
    readonly revoke: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<undefined>
  }
  readonly signingKeys: {
    /** List the signing keys */
    readonly list: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{ readonly signingKeys: readonly SigningKey[] }>

    /** Rotate the signing key */
    readonly rotate: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<SigningKey>

    /** End a signing key at once.
     * For one that leaked: every link that it signed is dead within a second. The active one gets a successor first. */
    readonly end: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<undefined>
  }
  readonly stats: {
    /** Count what is there, and what happened in a day.
     * Needs the action `admin`; a key with a path prefix is told what lies below it. Each figure is read up to a bound and says so by `isPartial`: 5,000 versions of files, 1,000 of the others, 5,000 events, files of 100 buckets. */
    readonly get: (
      input?: { readonly bucket?: string | undefined },
      options?: CallOptions,
    ) => Promise<Stats>
  }
  readonly uploads: {
    /** Begin an upload.
     * Answers with the requests that send the file, for whoever is to send it: one for a small file, those of the first parts for a large one. More are signed as long as the upload lives, so that a long upload outlives its URLs. Size, type and place are signed, and nothing else can be sent. */
    readonly create: (input: UploadRequest, options?: CallOptions) => Promise<SignedUpload>

    /** See how far an upload is.
     * Which parts are there, or the file that it became. Finished ones are known for a day. */
    readonly get: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<Upload>

    /** Give an upload up.
     * Its URLs end and its parts go. Doing it twice is fine, and so is doing it too late: a finished upload keeps its file. */
    readonly abort: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<undefined>

    /** Sign requests of an upload, the first time or again.
     * As long as the upload lives. A part that is sent again takes the place of the one before. */
    readonly sign: (
      input: {
        /** An id. */
        readonly id: string
      } & {
        /** Numbers of parts; not for what comes in one piece. */
        readonly parts?: readonly number[] | undefined
      },
      options?: CallOptions,
    ) => Promise<SignedUpload>

    /** Complete an upload.
     * Makes the file of its parts, and answers with it, or with the id under which it waits until it was looked at. What came in one piece is complete by itself: then this says so. Asked again, it answers the same. */
    readonly complete: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<Upload>
  }
  readonly watch: {
    /** List what is set about alerts */
    readonly list: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{ readonly settings: readonly WatchSetting[] }>

    /** Set the thresholds of a folder, and what pauses its links.
     * Replaces what was set for the folder. Thresholds that are left out are those of the folder above, or the defaults; `pause` is that of the nearest folder that has settings. */
    readonly put: (input: WatchSettingRequest, options?: CallOptions) => Promise<WatchSetting>

    /** Take back what is set for a folder */
    readonly delete: (
      input: {
        /** A folder; empty for everything. */
        readonly folder: string
      },
      options?: CallOptions,
    ) => Promise<undefined>
  }
  readonly webhooks: {
    /** Have a URL told what happens.
     * Each event of the types in `events` is posted as JSON, signed as Standard Webhooks say, until it is answered with a 2xx, for three days. The secret is shown in this answer and never again. */
    readonly create: (input: WebhookRequest, options?: CallOptions) => Promise<CreatedWebhook>

    /** List webhooks */
    readonly list: (
      input?: Readonly<Record<string, never>>,
      options?: CallOptions,
    ) => Promise<{ readonly webhooks: readonly Webhook[] }>

    /** Look at a webhook */
    readonly get: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<Webhook>

    /** Change a webhook.
     * Sets what is named. While it is `disabled` nothing is sent and no message made; those that waited wait on. */
    readonly update: (
      input: {
        /** An id. */
        readonly id: string
      } & WebhookChange,
      options?: CallOptions,
    ) => Promise<Webhook>

    /** Remove a webhook, with what it was still to be told */
    readonly delete: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<undefined>

    /** Give a webhook a new secret.
     * It is shown in this answer and never again. For a day every message carries a signature of the secret before too. */
    readonly rotateSecret: (
      input: {
        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<CreatedWebhook>

    /** List the messages of a webhook, newest first.
     * Those given up are the `dead` ones. What arrived or was given up is listed for thirty days. */
    readonly listDeliveries: (
      input: {
        readonly state?: 'waiting' | 'delivered' | 'dead' | undefined

        /** Entries on a page; 100 unless said otherwise. */
        readonly limit?: number | undefined

        /** `nextCursor` of the page before. */
        readonly cursor?: string | undefined

        /** An id. */
        readonly id: string
      },
      options?: CallOptions,
    ) => Promise<{
      readonly deliveries: readonly Delivery[]

      /** Null on the last page. */
      readonly nextCursor: string | null
    }>

    /** Send a message again.
     * At once and under its old id, whatever became of it. One that was given up gets one attempt more. */
    readonly resendDelivery: (
      input: {
        /** An id. */
        readonly id: string

        /** An id. */
        readonly delivery: string
      },
      options?: CallOptions,
    ) => Promise<Delivery>
  }
}
