/** Buckets: the top-level folders. */
import { integer, json, oneOf, shape, table, text } from '../table.ts'

/** Whether a bucket keeps what was replaced, as S3 means it. */
export const VERSIONINGS = ['off', 'enabled', 'suspended'] as const

export const buckets = table('buckets', {
  name: text('name'),
  createdAt: integer('created_at'),
  versioning: oneOf('versioning', VERSIONINGS),
  /** Tags, CORS rules and what else S3 keeps with a bucket: name to JSON; empty for most. */
  settings: json('settings', shape<Readonly<Record<string, unknown>>>()),
})
