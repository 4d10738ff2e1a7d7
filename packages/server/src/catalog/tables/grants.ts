/** The server's records behind links. */
import {
  integer,
  integerOrNull,
  jsonOrEmpty,
  jsonOrNull,
  oneOf,
  oneOfOrNull,
  shape,
  table,
  text,
  textOrNull,
} from '../table.ts'
import type { Piece } from '../decisions/pieces.ts'

export const LINK_METHODS = ['GET', 'PUT', 'POST'] as const
/** What a page for people gives: one file, what lies in a folder, or room for what others bring. */
export const SHARE_KINDS = ['file', 'folder', 'drop'] as const
/** What ended a link before its time. */
export const REVOKED_BY = ['link', 'delete', 'move'] as const

/** A use of a download link that has not brought the whole file yet; or what is to be known after it of answers that were lost. */
export interface Reading {
  readonly beganAt: number
  /** When an answer of it last began or ended. */
  readonly touchedAt: number
  readonly clientIp: string
  /** Of the content it is of. */
  readonly etag: string
  readonly size: number
  /** Bytes that were sent, those that were sent again too. */
  readonly sent: number
  /** What arrived for certain, in order. */
  readonly delivered: readonly Piece[]
  /** What the last answer sent before it broke off; `null` if it arrived. */
  readonly broken: Piece | null
  /** Under way; one at a time. */
  readonly answer: ReadingAnswer | null
  /** Answers, of uses before it too, whose process was taken for lost: should it live, their last byte stays behind. */
  readonly lost?: readonly string[]
}

export interface ReadingAnswer {
  /** The process that gives it, a dot, and what tells it from its others. */
  readonly id: string
  readonly piece: Piece
  /** The last byte of the file may be out: whether it arrived only the process that gives it can find out. */
  readonly isLast: boolean
  /** Somebody waits to take its place, should it stand still. */
  readonly isClaimed: boolean
}

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
  /** Cookies of the CDN for all that lies in a folder, past this server. */
  readonly areCookies?: true
  /** Of an upload that was planned: what it will be. Its slot ends with the file. */
  readonly upload?: PlannedUpload
}

export interface PlannedUpload {
  readonly bytes: number
  /** Of each part but the last; `null` if it comes in one piece. */
  readonly partBytes: number | null
  /** Its parts go to the store itself, past this server. */
  readonly isDirect?: true
}

/** What makes a grant a page for people. */
export interface ShareTerms {
  readonly kind: (typeof SHARE_KINDS)[number]
  /** As `hashPassword` writes it; nothing for a page that asks for none. */
  readonly password?: string
  /** What its maker says to whoever opens it. */
  readonly greeting?: string
  /** Who shares, as people call them. */
  readonly owner?: string
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
  /** Downloads with `maxUses`: the last use, as long as it may go on; `null` once it is done, and before there is one. */
  reading: jsonOrNull('reading', shape<Reading>()),
  /** Uploads that may replace what they stored themselves: the content stored last, `''` before the first. `null`: they may not. */
  ownContentId: textOrNull('own_content_id'),
  terms: jsonOrEmpty('terms', shape<GrantTerms>()),
  /** `null`: a link, which is signed; else a page, whose address alone opens it. */
  share: jsonOrNull('share', shape<ShareTerms>()),
  /** It stands still until somebody lets it go on; `null`: it does not. */
  pausedAt: integerOrNull('paused_at'),
  revokedAt: integerOrNull('revoked_at'),
  revokedBy: oneOfOrNull('revoked_by', REVOKED_BY),
})
