/** The tables as Kysely's types: what tables/ says of them, and the columns that only SQL knows. */
import type { Generated, GeneratedAlways } from 'kysely'
import type { RowOf, StoredOf } from '../table.ts'
import type { damagedBlobs, scrubRound } from '../tables/blobs.ts'
import type { buckets } from '../tables/buckets.ts'
import type { contents, segments, sweepList } from '../tables/contents.ts'
import type { events } from '../tables/events.ts'
import type { files, parts, uploads, versions } from '../tables/files.ts'
import type { finishedUploads } from '../tables/finished-uploads.ts'
import type { folderUsage } from '../tables/folder-usage.ts'
import type { folderChanges, folders } from '../tables/folders.ts'
import type { passwordGuesses } from '../tables/guesses.ts'
import type { heldFiles } from '../tables/held-files.ts'
import type { grants } from '../tables/grants.ts'
import type { grantTallies } from '../tables/grant-tallies.ts'
import type { installation } from '../tables/installation.ts'
import type { keyUsage } from '../tables/key-usage.ts'
import type { contentHolds, leases, processes } from '../tables/processes.ts'
import type { mounts, storeUploads } from '../tables/mounts.ts'
import type { accessKeys, apiKeys, revocations } from '../tables/keys.ts'
import type { sessions } from '../tables/sessions.ts'
import type { uploadTallies } from '../tables/upload-tallies.ts'
import type { alerts, watchSettings } from '../tables/alerts.ts'
import type { deliveries, webhooks } from '../tables/webhooks.ts'

export interface Tables {
  buckets: RowOf<typeof buckets>
  contents: RowOf<typeof contents> & { position: Generated<number> }
  segments: RowOf<typeof segments>
  sweep_list: RowOf<typeof sweepList>
  files: RowOf<typeof files>
  versions: RowOf<typeof versions>
  uploads: RowOf<typeof uploads> & { idle_ms: number }
  parts: RowOf<typeof parts>
  finished_uploads: RowOf<typeof finishedUploads>
  upload_tallies: RowOf<typeof uploadTallies>
  folders: RowOf<typeof folders> & { bucket: string | null }
  folder_changes: RowOf<typeof folderChanges>
  folder_usage: RowOf<typeof folderUsage>
  key_usage: RowOf<typeof keyUsage>
  grants: RowOf<typeof grants> & {
    position: Generated<number>
    path: GeneratedAlways<string>
    /** One of `GrantState`. */
    state: number
    /** The process whose answer is under way. */
    holder: string | null
  }
  held_files: RowOf<typeof heldFiles> & { position: Generated<number> }
  grant_tallies: RowOf<typeof grantTallies>
  password_guesses: RowOf<typeof passwordGuesses>
  grant_index: { scope: number; state: number; position: number }
  api_keys: RowOf<typeof apiKeys>
  access_keys: RowOf<typeof accessKeys>
  revocations: RowOf<typeof revocations>
  events: RowOf<typeof events> & {
    position: Generated<number>
    /** 1 for what changes files or rights, 0 for what makes use of them. */
    is_change: number
  }
  event_readers: { name: string; position: number }
  webhooks: RowOf<typeof webhooks>
  alerts: RowOf<typeof alerts> & { position: Generated<number> }
  watch_settings: RowOf<typeof watchSettings>
  webhook_deliveries: RowOf<typeof deliveries> & { position: Generated<number> }
  processes: RowOf<typeof processes>
  content_holds: RowOf<typeof contentHolds>
  leases: RowOf<typeof leases>
  installation: RowOf<typeof installation>
  mounts: RowOf<typeof mounts>
  store_uploads: RowOf<typeof storeUploads>
  damaged_blobs: RowOf<typeof damagedBlobs>
  scrub_round: RowOf<typeof scrubRound> & { only: number }
  sessions: RowOf<typeof sessions>
  key_epoch: { only: number; value: number }
}

export type StoredBucket = StoredOf<typeof buckets>
export type StoredMount = StoredOf<typeof mounts>
export type StoredStoreUpload = StoredOf<typeof storeUploads>
export type StoredContent = StoredOf<typeof contents>
export type StoredSegment = StoredOf<typeof segments>
export type StoredSweep = StoredOf<typeof sweepList>
export type StoredFile = StoredOf<typeof files>
export type StoredVersion = StoredOf<typeof versions>
export type StoredUpload = StoredOf<typeof uploads>
export type StoredPart = StoredOf<typeof parts>
export type StoredFinishedUpload = StoredOf<typeof finishedUploads>
export type StoredUploadTally = StoredOf<typeof uploadTallies>
export type StoredFolder = StoredOf<typeof folders>
export type StoredFolderChange = StoredOf<typeof folderChanges>
export type StoredFolderUsage = StoredOf<typeof folderUsage>
export type StoredGrant = StoredOf<typeof grants>
export type StoredHeld = StoredOf<typeof heldFiles>
export type StoredAlert = StoredOf<typeof alerts>
export type StoredWatchSetting = StoredOf<typeof watchSettings>
export type StoredWebhook = StoredOf<typeof webhooks>
export type StoredDelivery = StoredOf<typeof deliveries>
export type StoredEvent = StoredOf<typeof events>
export type StoredProcess = StoredOf<typeof processes>
export type StoredContentHold = StoredOf<typeof contentHolds>
export type StoredInstallation = StoredOf<typeof installation>
export type StoredLease = StoredOf<typeof leases>
export type StoredGuesses = StoredOf<typeof passwordGuesses>
export type StoredSession = StoredOf<typeof sessions>
export type StoredApiKey = StoredOf<typeof apiKeys>
export type StoredAccessKey = StoredOf<typeof accessKeys>
export type StoredRevocation = StoredOf<typeof revocations>
export type StoredDamagedBlob = StoredOf<typeof damagedBlobs>
export type StoredScrubRound = StoredOf<typeof scrubRound>
