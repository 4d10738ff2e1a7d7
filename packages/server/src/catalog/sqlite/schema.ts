/** The tables as Kysely's types, column for column as the migrations leave them. */
import type { Generated, GeneratedAlways } from 'kysely'

export interface Tables {
  buckets: BucketTable
  files: FileTable
  inline_blobs: InlineBlobTable
  sweep_list: SweepListTable
  folders: FolderTable
  grants: GrantTable
  api_keys: ApiKeyTable
  access_keys: AccessKeyTable
  revocations: RevocationTable
  key_epoch: KeyEpochTable
}

export interface BucketTable {
  name: string
  created_at: number
}

export interface FileTable {
  bucket: string
  key: string
  id: string
  size: number
  etag: string
  sha256: string
  content_type: string
  /** JSON; null for none. */
  headers: string | null
  /** JSON; null for none. */
  metadata: string | null
  created_at: number
  modified_at: number
  blob_id: string
  is_inline: number
}

export interface InlineBlobTable {
  position: Generated<number>
  blob_id: string
  bytes: Uint8Array
}

export interface SweepListTable {
  blob_id: string
  is_inline: number
  queued_at: number
}

export interface FolderTable {
  path: string
  bucket: string
  visibility: string | null
  policy: string
  updated_at: number
}

export interface GrantTable {
  position: Generated<number>
  id: string
  method: string
  bucket: string
  key: string
  path: GeneratedAlways<string>
  signing_key_id: string
  created_at: number
  created_by: string
  expires_at: number
  reason: string | null
  max_uses: number | null
  uses: number
  last_used_at: number | null
  last_used_ip: string | null
  max_bytes: number | null
  content_types: string
  revoked_at: number | null
}

export interface ApiKeyTable {
  id: string
  name: string
  secret_hash: string
  scope: string
  created_at: number
  created_by: string
  expires_at: number | null
  revoked_at: number | null
}

export interface AccessKeyTable {
  id: string
  kind: string
  name: string
  sealed_secret: Uint8Array
  scope: string
  max_expires_in_seconds: number
  may_presign_delete: number
  state: string
  created_at: number
  created_by: string
  expires_at: number | null
  revoked_at: number | null
}

export interface RevocationTable {
  scope: string
  not_before: number
}

export interface KeyEpochTable {
  only: number
  value: number
}
