/** Buckets that lie in a store of somebody else, and the uploads that go on there. */
import type { Migration } from './migration.ts'

const TEXT = 'text COLLATE "C"'

export const mountTables: Migration = {
  version: 20,
  name: 'mounts',
  sqlite: `
    CREATE TABLE mounts (
      bucket TEXT PRIMARY KEY,
      url TEXT NOT NULL,
      place TEXT NOT NULL,
      is_read_only INTEGER NOT NULL CHECK (is_read_only IN (0, 1)),
      settings TEXT NOT NULL,
      sealed_secret BLOB NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE store_uploads (
      id TEXT PRIMARY KEY,
      store_id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE parts_of_all (
      upload_id TEXT NOT NULL REFERENCES uploads (id),
      number INTEGER NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      checksums TEXT NOT NULL,
      modified_at INTEGER NOT NULL,
      content_id TEXT NOT NULL,
      content_kind TEXT NOT NULL CHECK (content_kind IN ('inline', 'blob', 'segments', 'stored')),
      PRIMARY KEY (upload_id, number)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO parts_of_all (upload_id, number, size, etag, checksums, modified_at, content_id, content_kind)
      SELECT upload_id, number, size, etag, checksums, modified_at, content_id, content_kind FROM parts;
    DROP TABLE parts;
    ALTER TABLE parts_of_all RENAME TO parts;
  `,
  postgres: `
    CREATE TABLE mounts (
      bucket ${TEXT} PRIMARY KEY,
      url ${TEXT} NOT NULL,
      place ${TEXT} NOT NULL,
      is_read_only bigint NOT NULL CHECK (is_read_only IN (0, 1)),
      settings ${TEXT} NOT NULL,
      sealed_secret bytea NOT NULL,
      created_at bigint NOT NULL
    );

    CREATE TABLE store_uploads (
      id ${TEXT} PRIMARY KEY,
      store_id ${TEXT} NOT NULL
    );

    ALTER TABLE parts DROP CONSTRAINT parts_content_kind_check;
    ALTER TABLE parts ADD CONSTRAINT parts_content_kind_check
      CHECK (content_kind IN ('inline', 'blob', 'segments', 'stored'));
  `,
}
