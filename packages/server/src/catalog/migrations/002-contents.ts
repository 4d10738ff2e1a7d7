/**
 * Contents that versions share, versions, uploads in parts, and what links say of themselves. Bodies stay apart from names,
 * so that a listing reads none. `grant_index` lists every grant under each question that may be asked for it (sql/grant-scopes.ts).
 */
import type { Migration } from './migration.ts'

export const contents: Migration = {
  version: 2,
  name: 'contents',
  postgres: '',
  sqlite: `
    CREATE TABLE contents (
      position INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('inline', 'blob', 'segments')),
      refs INTEGER NOT NULL CHECK (refs >= 0),
      size INTEGER NOT NULL,
      bytes BLOB CHECK ((kind = 'inline') = (bytes IS NOT NULL))
    ) STRICT;
    INSERT INTO contents (id, kind, refs, size, bytes)
      SELECT blob_id, 'inline', blob_id NOT IN (SELECT blob_id FROM sweep_list), length(bytes), bytes
      FROM inline_blobs ORDER BY position;
    INSERT INTO contents (id, kind, refs, size)
      SELECT blob_id, 'blob', 1, size FROM files WHERE is_inline = 0;
    INSERT INTO contents (id, kind, refs, size)
      SELECT blob_id, 'blob', 0, 0 FROM sweep_list WHERE is_inline = 0;

    CREATE TABLE segments (
      content_id TEXT NOT NULL,
      begins INTEGER NOT NULL,
      part_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('inline', 'blob')),
      start INTEGER NOT NULL,
      length INTEGER NOT NULL CHECK (length > 0),
      PRIMARY KEY (content_id, begins)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE swept (
      content_id TEXT NOT NULL PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('inline', 'blob')),
      queued_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO swept (content_id, kind, queued_at)
      SELECT blob_id, iif(is_inline, 'inline', 'blob'), queued_at FROM sweep_list;
    DROP TABLE sweep_list;
    DROP TABLE inline_blobs;
    ALTER TABLE swept RENAME TO sweep_list;
    CREATE INDEX sweep_list_by_time ON sweep_list (kind, queued_at);

    ALTER TABLE buckets ADD COLUMN versioning TEXT NOT NULL DEFAULT 'off'
      CHECK (versioning IN ('off', 'enabled', 'suspended'));
    ALTER TABLE buckets ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

    CREATE TABLE current (
      bucket TEXT NOT NULL REFERENCES buckets (name),
      key TEXT NOT NULL,
      id TEXT NOT NULL,
      version_id TEXT NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      checksums TEXT NOT NULL,
      part_sizes TEXT NOT NULL,
      content_type TEXT NOT NULL,
      headers TEXT,
      metadata TEXT,
      tags TEXT,
      created_at INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      content_id TEXT NOT NULL,
      content_kind TEXT NOT NULL CHECK (content_kind IN ('inline', 'blob', 'segments')),
      PRIMARY KEY (bucket, key)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO current
      SELECT bucket, key, id, 'null', size, etag, 'sha256=' || base64_of_hex(sha256), '', content_type, headers, metadata,
        NULL, created_at, modified_at, blob_id, iif(is_inline, 'inline', 'blob')
      FROM files;
    DROP TABLE files;
    ALTER TABLE current RENAME TO files;
    CREATE UNIQUE INDEX files_by_id ON files (id);

    CREATE TABLE versions (
      bucket TEXT NOT NULL REFERENCES buckets (name),
      key TEXT NOT NULL,
      id TEXT NOT NULL,
      version_id TEXT NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      checksums TEXT NOT NULL,
      part_sizes TEXT NOT NULL,
      content_type TEXT NOT NULL,
      headers TEXT,
      metadata TEXT,
      tags TEXT,
      created_at INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      content_id TEXT NOT NULL,
      content_kind TEXT NOT NULL CHECK (content_kind IN ('inline', 'blob', 'segments', 'delete-marker')),
      position INTEGER NOT NULL,
      PRIMARY KEY (bucket, key, position)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX versions_by_id ON versions (bucket, key, version_id);

    CREATE TABLE uploads (
      id TEXT NOT NULL PRIMARY KEY,
      bucket TEXT NOT NULL REFERENCES buckets (name),
      key TEXT NOT NULL,
      content_type TEXT NOT NULL,
      headers TEXT,
      metadata TEXT,
      tags TEXT,
      checksum_algorithm TEXT,
      checksum_type TEXT,
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      idle_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX uploads_by_key ON uploads (bucket, key, id);
    CREATE INDEX uploads_by_end ON uploads (expires_at);

    CREATE TABLE parts (
      upload_id TEXT NOT NULL REFERENCES uploads (id),
      number INTEGER NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      checksums TEXT NOT NULL,
      modified_at INTEGER NOT NULL,
      content_id TEXT NOT NULL,
      content_kind TEXT NOT NULL CHECK (content_kind IN ('inline', 'blob', 'segments')),
      PRIMARY KEY (upload_id, number)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE grants ADD COLUMN file_id TEXT;
    ALTER TABLE grants ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE grants ADD COLUMN last_use TEXT CHECK (last_use IN ('under-way', 'broken', 'done'));
    ALTER TABLE grants ADD COLUMN may_overwrite INTEGER NOT NULL DEFAULT 1 CHECK (may_overwrite IN (0, 1));
    ALTER TABLE grants ADD COLUMN networks TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE grants ADD COLUMN revoked_by TEXT CHECK (revoked_by IN ('link', 'delete', 'move'));
    ALTER TABLE grants ADD COLUMN state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3);
    UPDATE grants SET
      file_id = iif(method = 'GET',
        (SELECT f.id FROM files f WHERE f.bucket = grants.bucket AND f.key = grants.key), NULL),
      last_use = iif(uses > 0, 'done', NULL),
      revoked_by = iif(revoked_at IS NULL, NULL, 'link'),
      state = CASE WHEN revoked_at IS NOT NULL THEN 3 WHEN uses >= max_uses THEN 1 ELSE 0 END;
    DROP INDEX grants_by_path;
    CREATE INDEX grants_open_by_path ON grants (path) WHERE state = 0;
    CREATE INDEX grants_open_by_end ON grants (expires_at) WHERE state = 0;

    CREATE TABLE grant_index (
      scope INTEGER NOT NULL,
      state INTEGER NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (scope, state, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO grant_index (scope, state, position)
      SELECT scopes.scope, grants.state, grants.position
      FROM grants, scopes_of_grant(grants.path, grants.created_by) AS scopes;

    ALTER TABLE access_keys ADD COLUMN rotated_at INTEGER;
    UPDATE access_keys SET rotated_at = (
        SELECT min(later.created_at) FROM access_keys AS later
        WHERE later.kind = 'signing' AND later.created_at > access_keys.created_at
      )
      WHERE kind = 'signing' AND state <> 'active';

    ALTER TABLE revocations ADD COLUMN forget_at INTEGER NOT NULL DEFAULT 0;
    UPDATE revocations SET forget_at = not_before + 8 * 86400000;
    CREATE INDEX revocations_by_end ON revocations (forget_at);
  `,
}
