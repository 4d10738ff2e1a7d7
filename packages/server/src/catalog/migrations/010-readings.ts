/**
 * What a use of a download link has brought so far, in place of how the last one stood: uses that broke off before are over. And
 * what an upload link stored itself.
 */
import type { Migration } from './migration.ts'

export const readings: Migration = {
  version: 10,
  name: 'readings',
  postgres: '',
  sqlite: `
    ALTER TABLE grants DROP COLUMN last_use;
    ALTER TABLE grants ADD COLUMN reading TEXT;
    ALTER TABLE grants ADD COLUMN holder TEXT;
    ALTER TABLE grants ADD COLUMN own_content_id TEXT;
    CREATE INDEX grants_under_way ON grants (holder) WHERE holder IS NOT NULL;
    CREATE INDEX grants_unfinished_by_path ON grants (path, expires_at) WHERE state = 1 AND reading IS NOT NULL;
  `,
}
