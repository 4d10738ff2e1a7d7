/** What happened: who did what to which file or link, from where, and how it ended. Never a URL and never a query. */
import { integer, jsonOrEmpty, oneOf, shape, table, text, textOrNull } from '../table.ts'

/** What changes files or rights. Written in the transaction that does it. */
export const CHANGE_KINDS = [
  'link.issued',
  'link.narrowed',
  'link.paused',
  'link.resumed',
  'link.revoked',
  'links.swept',
  'sweep.removed',
  'key.created',
  'key.revoked',
  'key.changed',
  'key.disabled',
  'key.enabled',
  'key.rotated',
  'key.retired',
  'master-key.rotated',
  'session.begun',
  'session.ended',
  'folder.changed',
  'folder.removed',
  'bucket.created',
  'bucket.changed',
  'bucket.removed',
  'file.created',
  'file.moved',
  'file.deleted',
  /** A blob is not what it was, or is again; `target` is its id. */
  'blob.damaged',
  'blob.healed',
  /** A file came and waits until it was looked at. */
  'upload.held',
  'webhook.created',
  'webhook.changed',
  'webhook.removed',
  'webhook.resent',
  'alert.raised',
  'alert.closed',
  'watch.changed',
] as const

/** What makes use of rights, or tries to. Written together a moment later. */
export const USE_KINDS = [
  /** A link's bytes went out, or came in. */
  'link.used',
  /** Somebody's program looked at a link with a number of uses, and was given nothing. */
  'link.previewed',
  /** Temporary credentials were made, which are kept nowhere. */
  'key.issued',
  /** A key read a file by itself. */
  'file.read',
  /** A key came from an address for the first time in a while. */
  'key.used',
  /** A file was not taken. */
  'upload.rejected',
  'request.refused',
  /** Who looks at files does not answer. */
  'scanner.lost',
] as const

export const events = table('events', {
  id: text('id'),
  at: integer('at'),
  kind: oneOf('kind', [...CHANGE_KINDS, ...USE_KINDS] as const),
  /** Why it was refused, out of docs/errors.md; `null` for what was done. */
  code: textOrNull('code'),
  linkId: textOrNull('link_id'),
  /** Whose rights were used: a key's, of a link's the key that signed it; `null` for the server itself. */
  keyId: textOrNull('key_id'),
  /** `bucket/key`, a folder with its last slash, `bucket/`; `''` for what has no place. */
  path: text('path'),
  /** What was changed, if that is no file and no link: a key, the scope of a sweep, the path something was moved to. */
  target: textOrNull('target'),
  address: textOrNull('address'),
  agent: textOrNull('agent'),
  /** The host of the page that led here, as the browser says it. */
  referrer: textOrNull('referrer'),
  bytes: integer('bytes'),
  /** Several that differed in time and bytes alone, within a second, are one. */
  count: integer('count'),
  /** What a setting was set to. */
  detail: jsonOrEmpty('detail', shape<Readonly<Record<string, unknown>>>()),
})
