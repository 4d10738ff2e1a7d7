/** The tables of a catalog, in an order in which rows find what they refer to. A test compares the list with the schema. */

export interface RowTable {
  readonly name: string
  /** What tells its rows apart, at most three columns. */
  readonly key: readonly string[]
  /** Other rows refer to its rows, so that none may go for a moment. */
  readonly isReferredTo?: true
}

/** What is kept. What was used is last: triggers count what comes before it. */
export const KEPT_TABLES: readonly RowTable[] = [
  { name: 'key_epoch', key: ['only'] },
  { name: 'buckets', key: ['name'], isReferredTo: true },
  { name: 'mounts', key: ['bucket'] },
  { name: 'folders', key: ['path'] },
  { name: 'folder_changes', key: ['path', 'version'] },
  { name: 'api_keys', key: ['id'] },
  { name: 'access_keys', key: ['id'] },
  { name: 'revocations', key: ['scope'] },
  { name: 'contents', key: ['id'] },
  { name: 'segments', key: ['content_id', 'begins'] },
  { name: 'sweep_list', key: ['content_id'] },
  { name: 'files', key: ['bucket', 'key'] },
  { name: 'versions', key: ['bucket', 'key', 'position'] },
  { name: 'uploads', key: ['id'], isReferredTo: true },
  { name: 'parts', key: ['upload_id', 'number'] },
  { name: 'store_uploads', key: ['id'] },
  { name: 'upload_tallies', key: ['created_by'] },
  { name: 'finished_uploads', key: ['id'] },
  { name: 'held_files', key: ['position'] },
  { name: 'grants', key: ['position'] },
  { name: 'grant_tallies', key: ['created_by'] },
  { name: 'grant_index', key: ['scope', 'state', 'position'] },
  { name: 'events', key: ['position'] },
  { name: 'event_readers', key: ['name'] },
  { name: 'webhooks', key: ['id'], isReferredTo: true },
  { name: 'webhook_deliveries', key: ['position'] },
  { name: 'alerts', key: ['position'] },
  { name: 'watch_settings', key: ['path'] },
  { name: 'folder_usage', key: ['path'] },
  { name: 'key_usage', key: ['key_id'] },
]

/** What is about processes and about one blob store, and goes with neither a backup nor a move; who is signed in, and who guesses. */
export const LOCAL_TABLES: readonly string[] = [
  'processes',
  'content_holds',
  'leases',
  'damaged_blobs',
  'scrub_round',
  'installation',
  'sessions',
  'password_guesses',
]

/** Tables that number their rows. */
export const NUMBERED_TABLES: readonly string[] = [
  'contents',
  'grants',
  'events',
  'alerts',
  'webhook_deliveries',
  'held_files',
]
