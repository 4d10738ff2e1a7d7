/** The tables as Kysely's types: what tables/ says of them, and the columns that only SQL knows. */
import type { Generated, GeneratedAlways } from 'kysely'
import type { RowOf } from '../table.ts'
import type { buckets } from '../tables/buckets.ts'
import type { contents, segments, sweepList } from '../tables/contents.ts'
import type { files, parts, uploads, versions } from '../tables/files.ts'
import type { finishedUploads } from '../tables/finished-uploads.ts'
import type { folders } from '../tables/folders.ts'
import type { grants } from '../tables/grants.ts'
import type { accessKeys, apiKeys, revocations } from '../tables/keys.ts'
import type { uploadTallies } from '../tables/upload-tallies.ts'

export interface Tables {
  buckets: BucketRow
  contents: ContentRow & { position: Generated<number> }
  segments: SegmentRow
  sweep_list: SweepRow
  files: FileRow
  versions: VersionRow
  uploads: UploadRow & { idle_ms: number }
  parts: PartRow
  finished_uploads: FinishedUploadRow
  upload_tallies: UploadTallyRow
  folders: FolderRow & { bucket: string }
  grants: GrantRow & {
    position: Generated<number>
    path: GeneratedAlways<string>
    /** One of `GrantState`. */
    state: number
  }
  grant_index: { scope: number; state: number; position: number }
  api_keys: ApiKeyRow
  access_keys: AccessKeyRow
  revocations: RevocationRow
  key_epoch: { only: number; value: number }
}

export type BucketRow = RowOf<typeof buckets>
export type ContentRow = RowOf<typeof contents>
export type SegmentRow = RowOf<typeof segments>
export type SweepRow = RowOf<typeof sweepList>
export type FileRow = RowOf<typeof files>
export type VersionRow = RowOf<typeof versions>
export type UploadRow = RowOf<typeof uploads>
export type PartRow = RowOf<typeof parts>
export type FinishedUploadRow = RowOf<typeof finishedUploads>
export type UploadTallyRow = RowOf<typeof uploadTallies>
export type FolderRow = RowOf<typeof folders>
export type GrantRow = RowOf<typeof grants>
export type ApiKeyRow = RowOf<typeof apiKeys>
export type AccessKeyRow = RowOf<typeof accessKeys>
export type RevocationRow = RowOf<typeof revocations>
