/** What looked wrong in what happened, and what somebody set about it. */
import {
  flag,
  integer,
  integerOrNull,
  json,
  oneOf,
  shape,
  table,
  text,
  textOrNull,
} from '../table.ts'

export const WATCH_RULES = [
  /** One link, from more networks within a day than those it was for have. */
  'many-networks',
  /** One link, from more networks within a minute than one person can be in. */
  'impossible-pace',
  /** A link that has ended is still asked for, from several networks or again and again. */
  'use-after-end',
  /** One address asks for many things that are not there, or with signatures that are none. */
  'enumeration',
  /** A page of somebody else's shows the file to its visitors. */
  'hot-linking',
  /** One link is used more, or brings more bytes, within an hour than it was for. */
  'volume',
  /** A key that always came from the same few networks comes from another one. */
  'key-new-network',
  /** Who looks at files before anybody sees them does not answer. */
  'scanner-lost',
  /** A blob is missing, or has other bytes than it was written with. */
  'damaged-blob',
  /** A key ends within a week, and then within a day. */
  'key-ends-in-week',
  'key-ends-in-day',
  /** The object store lets the server do nothing any more. */
  'store-refuses',
] as const

export const alerts = table('alerts', {
  id: text('id'),
  rule: oneOf('rule', WATCH_RULES),
  /** Whom it is about: the id of a link or a key, or an address. Of one rule and subject at most one alert is open. */
  subject: text('subject'),
  /** `''` without a place. */
  path: text('path'),
  linkId: textOrNull('link_id'),
  keyId: textOrNull('key_id'),
  raisedAt: integer('raised_at'),
  /** When it was found last, and how often while it was open. */
  lastAt: integer('last_at'),
  times: integer('times'),
  measured: integer('measured'),
  threshold: integer('threshold'),
  /** The link was stopped with it. */
  hasPaused: flag('has_paused'),
  closedAt: integerOrNull('closed_at'),
  closedBy: textOrNull('closed_by'),
})

export const watchSettings = table('watch_settings', {
  /** A folder, which ends in a slash; `''` for everything. */
  path: text('path'),
  thresholds: json('thresholds', shape<Readonly<Record<string, number | null>>>()),
  /** Rules that stop the link they are about. */
  pause: json('pause', shape<readonly string[]>()),
})
