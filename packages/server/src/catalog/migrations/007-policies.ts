/** A policy for the whole instance, and every state that the settings of a folder have been in. */
import type { Migration } from './migration.ts'

export const policies: Migration = {
  version: 7,
  name: 'policies',
  postgres: '',
  sqlite: `
    CREATE TABLE new_folders (
      path TEXT NOT NULL PRIMARY KEY,
      bucket TEXT REFERENCES buckets (name) ON DELETE CASCADE,
      visibility TEXT CHECK (visibility IN ('public', 'private')),
      policy TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      CHECK ((path = '') = (bucket IS NULL))
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_folders (path, bucket, visibility, policy, updated_at)
      SELECT path, bucket, visibility, policy, updated_at FROM folders;
    DROP TABLE folders;
    ALTER TABLE new_folders RENAME TO folders;
    CREATE INDEX folders_by_bucket ON folders (bucket);

    CREATE TABLE folder_changes (
      path TEXT NOT NULL,
      version INTEGER NOT NULL,
      visibility TEXT CHECK (visibility IN ('public', 'private')),
      policy TEXT NOT NULL,
      is_removal INTEGER NOT NULL CHECK (is_removal IN (0, 1)),
      changed_at INTEGER NOT NULL,
      changed_by TEXT NOT NULL,
      reason TEXT,
      PRIMARY KEY (path, version)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO folder_changes
      SELECT path, 1, visibility, policy, 0, updated_at, '', NULL FROM folders;
  `,
}
