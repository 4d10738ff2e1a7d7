/** The few prefixes that somebody gave a visibility or a policy, and how they came by them. */
import { flag, integer, json, oneOfOrNull, shape, table, text, textOrNull } from '../table.ts'
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'

export const VISIBILITIES = ['public', 'private'] as const

export const folders = table('folders', {
  /** `bucket/` or `bucket/some/prefix/`, with a slash at its end; `''` for the whole instance. */
  path: text('path'),
  /** `null`: inherited from the nearest folder above; at the top, private. */
  visibility: oneOfOrNull('visibility', VISIBILITIES),
  policy: json('policy', shape<FolderPolicy>()),
  updatedAt: integer('updated_at'),
})

/** The settings of a folder as a change left them. */
export const folderChanges = table('folder_changes', {
  path: text('path'),
  /** From 1, without gaps; it goes on where a folder lost its settings and was given others. */
  version: integer('version'),
  visibility: oneOfOrNull('visibility', VISIBILITIES),
  policy: json('policy', shape<FolderPolicy>()),
  /** The change took the settings away. */
  isRemoval: flag('is_removal'),
  changedAt: integer('changed_at'),
  /** The id of a key; empty of what was there before changes were kept. */
  changedBy: text('changed_by'),
  reason: textOrNull('reason'),
})
