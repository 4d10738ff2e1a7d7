/**
 * Headers and metadata were kept one character a byte, as they came; they are kept as the text that they are. And a link may be for
 * a form: SQLite changes no CHECK in place, so the table is made anew, positions and all.
 */
import type { Migration } from './migration.ts'

export const textAndForms: Migration = {
  version: 3,
  name: 'text-and-forms',
  postgres: '',
  sqlite: `
    UPDATE files SET content_type = text_of_bytes(content_type), headers = texts_of_bytes(headers),
      metadata = texts_of_bytes(metadata)
      WHERE content_type || ifnull(headers, '') || ifnull(metadata, '') GLOB '*[^ -~]*';
    UPDATE versions SET content_type = text_of_bytes(content_type), headers = texts_of_bytes(headers),
      metadata = texts_of_bytes(metadata)
      WHERE content_type || ifnull(headers, '') || ifnull(metadata, '') GLOB '*[^ -~]*';
    UPDATE uploads SET content_type = text_of_bytes(content_type), headers = texts_of_bytes(headers),
      metadata = texts_of_bytes(metadata)
      WHERE content_type || ifnull(headers, '') || ifnull(metadata, '') GLOB '*[^ -~]*';

    CREATE TABLE links (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      method TEXT NOT NULL CHECK (method IN ('GET', 'PUT', 'POST')),
      bucket TEXT NOT NULL,
      key TEXT NOT NULL,
      path TEXT NOT NULL GENERATED ALWAYS AS (bucket || '/' || key) STORED,
      signing_key_id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      reason TEXT,
      max_uses INTEGER,
      uses INTEGER NOT NULL,
      last_used_at INTEGER,
      last_used_ip TEXT,
      max_bytes INTEGER,
      content_types TEXT NOT NULL,
      revoked_at INTEGER,
      file_id TEXT,
      bytes INTEGER NOT NULL DEFAULT 0,
      last_use TEXT CHECK (last_use IN ('under-way', 'broken', 'done')),
      may_overwrite INTEGER NOT NULL DEFAULT 1 CHECK (may_overwrite IN (0, 1)),
      networks TEXT NOT NULL DEFAULT '[]',
      revoked_by TEXT CHECK (revoked_by IN ('link', 'delete', 'move')),
      state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3)
    ) STRICT;
    INSERT INTO links (position, id, method, bucket, key, signing_key_id, created_at, created_by, expires_at, reason,
        max_uses, uses, last_used_at, last_used_ip, max_bytes, content_types, revoked_at, file_id, bytes, last_use,
        may_overwrite, networks, revoked_by, state)
      SELECT position, id, method, bucket, key, signing_key_id, created_at, created_by, expires_at, reason,
        max_uses, uses, last_used_at, last_used_ip, max_bytes, content_types, revoked_at, file_id, bytes, last_use,
        may_overwrite, networks, revoked_by, state
      FROM grants ORDER BY position;
    DROP TABLE grants;
    ALTER TABLE links RENAME TO grants;
    CREATE INDEX grants_open_by_path ON grants (path) WHERE state = 0;
    CREATE INDEX grants_open_by_end ON grants (expires_at) WHERE state = 0;
    CREATE INDEX grants_expired_by_path ON grants (path, expires_at) WHERE state = 2;
  `,
}
