/** What looked wrong in what happened, and what somebody set about it. */
import { flag, integer, integerOrNull, json, shape, table, text, textOrNull } from '../table.ts'

export const alerts = table('alerts', {
  id: text('id'),
  rule: text('rule'),
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
