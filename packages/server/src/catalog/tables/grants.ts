/** The server's records behind links. */
import {
  integer,
  integerOrNull,
  jsonOrEmpty,
  oneOf,
  oneOfOrNull,
  shape,
  table,
  text,
  textOrNull,
} from '../table.ts'

export const LINK_METHODS = ['GET', 'PUT', 'POST'] as const
/** What ended a link before its time. */
export const REVOKED_BY = ['link', 'delete', 'move'] as const

export const LAST_USES = ['under-way', 'broken', 'done'] as const

/** What a link was made for or bound to; what nobody asked for is not there. No statement asks for any of it. */
export interface GrantTerms {
  readonly reason?: string
  /** What its maker calls it. */
  readonly label?: string
  /** Milliseconds: it does nothing before. */
  readonly notBefore?: number
  /** The addresses signed into the URL; none is any. */
  readonly networks?: readonly string[]
  /** Uploads: the largest body. */
  readonly maxBytes?: number
  /** Uploads: what the body may call itself; `image/*` takes a family. */
  readonly contentTypes?: readonly string[]
  /** Uploads: of the only body it takes, in hex. */
  readonly sha256?: string
  /** Uploads: may replace a file that is there. */
  readonly mayOverwrite?: true
}

export const grants = table('grants', {
  id: text('id'),
  method: oneOf('method', LINK_METHODS),
  bucket: text('bucket'),
  key: text('key'),
  /** GET: the file the link is for; a file made anew under the name is another. `null` for uploads. */
  fileId: textOrNull('file_id'),
  /** GET: the one version the link is for; `null` for whichever is current. */
  versionId: textOrNull('version_id'),
  signingKeyId: text('signing_key_id'),
  createdAt: integer('created_at'),
  createdBy: text('created_by'),
  expiresAt: integer('expires_at'),
  /** Uploads commit once unless said otherwise. */
  maxUses: integerOrNull('max_uses'),
  /** Counted also without `maxUses`; then now and then a little late. */
  uses: integer('uses'),
  bytes: integer('bytes'),
  lastUsedAt: integerOrNull('last_used_at'),
  lastUsedIp: textOrNull('last_used_ip'),
  /** How the last use stands: one that broke off may be taken up again, and none once it delivered one whole answer. */
  lastUse: oneOfOrNull('last_use', LAST_USES),
  terms: jsonOrEmpty('terms', shape<GrantTerms>()),
  revokedAt: integerOrNull('revoked_at'),
  revokedBy: oneOfOrNull('revoked_by', REVOKED_BY),
})
