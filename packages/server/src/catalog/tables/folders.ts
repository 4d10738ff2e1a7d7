/** The few prefixes that somebody gave a visibility or a policy, and how they came by them. */
import { flag, integer, json, oneOfOrNull, shape, table, text, textOrNull } from '../table.ts'

export const VISIBILITIES = ['public', 'private'] as const

export const POLICY_METHODS = ['GET', 'PUT', 'POST', 'DELETE'] as const

/** What may look at a file before anybody sees it. */
export const SCANNERS = ['clamav', 'webhook'] as const

/** What happens to a file while one of them does not answer. */
export const SCANNER_LOST = ['hold', 'pass'] as const

/** How bytes reach whoever may have them: through this server, by a redirect of a minute, or by a URL of the store itself. */
export const DELIVERIES = ['proxied', 'redirected', 'direct'] as const

/** The lines of a policy: what each means and how one goes with another is core/policy's to say. */
export interface PolicyValues {
  readonly maxDownloadSeconds: number
  readonly maxUploadSeconds: number
  readonly defaultDownloadSeconds: number
  readonly defaultUploadSeconds: number
  readonly reasonOverSeconds: number
  readonly maxShareSeconds: number
  readonly methods: readonly (typeof POLICY_METHODS)[number][]
  readonly requireIp: boolean
  readonly requirePassword: boolean
  readonly maxUses: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly maxTotalBytes: number
  readonly maxFiles: number
  readonly contentTypes: readonly string[]
  readonly requireMatchingType: boolean
  readonly quarantine: readonly (typeof SCANNERS)[number][]
  readonly scannerLost: (typeof SCANNER_LOST)[number]
  readonly inlineTypes: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly delivery: (typeof DELIVERIES)[number]
}

/** As it was set: a folder says of most lines nothing. */
export type FolderPolicy = Partial<PolicyValues>

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
