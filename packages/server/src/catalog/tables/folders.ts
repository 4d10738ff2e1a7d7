/** The few prefixes that somebody gave a visibility or a policy. */
import { integer, json, oneOfOrNull, shape, table, text } from '../table.ts'

export const VISIBILITIES = ['public', 'private'] as const

/** What a folder may lower, never raise. */
export interface FolderPolicy {
  readonly maxDownloadSeconds?: number
  readonly maxUploadSeconds?: number
  readonly maxBytes?: number
}

export const folders = table('folders', {
  /** `bucket/` or `bucket/some/prefix/`: always ends in a slash. */
  path: text('path'),
  /** `null`: inherited from the nearest folder above; at the top, private. */
  visibility: oneOfOrNull('visibility', VISIBILITIES),
  policy: json('policy', shape<FolderPolicy>()),
  updatedAt: integer('updated_at'),
})
