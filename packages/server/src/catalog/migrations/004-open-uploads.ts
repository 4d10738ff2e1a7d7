/** How much each key has open, and what became of uploads that were completed. */
import type { Migration } from './migration.ts'

export const openUploads: Migration = {
  version: 4,
  name: 'open-uploads',
  postgres: '',
  sqlite: `
    CREATE TABLE upload_tallies (
      created_by TEXT NOT NULL PRIMARY KEY,
      uploads INTEGER NOT NULL CHECK (uploads >= 0),
      bytes INTEGER NOT NULL CHECK (bytes >= 0)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO upload_tallies (created_by, uploads, bytes)
      SELECT uploads.created_by, count(DISTINCT uploads.id), coalesce(sum(parts.size), 0)
      FROM uploads LEFT JOIN parts ON parts.upload_id = uploads.id
      GROUP BY uploads.created_by;

    CREATE TABLE finished_uploads (
      id TEXT NOT NULL PRIMARY KEY,
      bucket TEXT NOT NULL,
      key TEXT NOT NULL,
      file_id TEXT NOT NULL,
      version_id TEXT NOT NULL,
      etag TEXT NOT NULL,
      checksums TEXT NOT NULL,
      part_count INTEGER NOT NULL,
      forget_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX finished_uploads_by_end ON finished_uploads (forget_at);
  `,
}
