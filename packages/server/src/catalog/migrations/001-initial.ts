/**
 * Files, folders, grants and keys. Text compares as BINARY, which for UTF-8 is the order listings promise. Bodies lie
 * in a table of their own, so that a listing reads no body; only blobs outside the catalog need finding by their id.
 */
import type { Migration } from './migration.ts'

export const initial: Migration = {
  version: 1,
  name: 'initial',
  postgres: '',
  sqlite: `
    CREATE TABLE buckets (
      name TEXT NOT NULL PRIMARY KEY,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE files (
      bucket TEXT NOT NULL REFERENCES buckets (name),
      key TEXT NOT NULL,
      id TEXT NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      content_type TEXT NOT NULL,
      headers TEXT,
      metadata TEXT,
      created_at INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      blob_id TEXT NOT NULL,
      is_inline INTEGER NOT NULL CHECK (is_inline IN (0, 1)),
      PRIMARY KEY (bucket, key)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX files_by_id ON files (id);
    CREATE UNIQUE INDEX files_by_stored_blob ON files (blob_id) WHERE is_inline = 0;

    CREATE TABLE inline_blobs (
      position INTEGER PRIMARY KEY,
      blob_id TEXT NOT NULL UNIQUE,
      bytes BLOB NOT NULL
    ) STRICT;

    CREATE TABLE sweep_list (
      blob_id TEXT NOT NULL PRIMARY KEY,
      is_inline INTEGER NOT NULL CHECK (is_inline IN (0, 1)),
      queued_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sweep_list_by_time ON sweep_list (is_inline, queued_at);

    CREATE TABLE folders (
      path TEXT NOT NULL PRIMARY KEY,
      bucket TEXT NOT NULL REFERENCES buckets (name) ON DELETE CASCADE,
      visibility TEXT CHECK (visibility IN ('public', 'private')),
      policy TEXT NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX folders_by_bucket ON folders (bucket);

    CREATE TABLE grants (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      method TEXT NOT NULL CHECK (method IN ('GET', 'PUT')),
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
      revoked_at INTEGER
    ) STRICT;
    CREATE INDEX grants_by_path ON grants (path, position);

    CREATE TABLE api_keys (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      secret_hash TEXT NOT NULL,
      scope TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      expires_at INTEGER,
      revoked_at INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE access_keys (
      id TEXT NOT NULL PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('access', 'signing')),
      name TEXT NOT NULL,
      sealed_secret BLOB NOT NULL,
      scope TEXT NOT NULL,
      max_expires_in_seconds INTEGER NOT NULL,
      may_presign_delete INTEGER NOT NULL CHECK (may_presign_delete IN (0, 1)),
      state TEXT NOT NULL CHECK (state IN ('active', 'retiring', 'retired')),
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      expires_at INTEGER,
      revoked_at INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE revocations (
      scope TEXT NOT NULL PRIMARY KEY,
      not_before INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE key_epoch (
      only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
      value INTEGER NOT NULL
    ) STRICT;
    INSERT INTO key_epoch (only, value) VALUES (1, 1);
  `,
}
