/** Files that wait until they were looked at. They count in the quotas of their folders as if they were there. */
import type { Migration } from './migration.ts'

const HOLDS = (row: 'NEW' | 'OLD'): string =>
  `bucket = ${row}.bucket AND ${row}.key >= prefix AND (prefix_end IS NULL OR ${row}.key < prefix_end)`

export const heldFileTables: Migration = {
  version: 16,
  name: 'held-files',
  sqlite: `
    CREATE TABLE held_files (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      held_id TEXT NOT NULL UNIQUE,
      bucket TEXT NOT NULL,
      key TEXT NOT NULL,
      id TEXT NOT NULL,
      version_id TEXT NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      checksums TEXT,
      part_sizes TEXT,
      content_type TEXT NOT NULL,
      headers TEXT,
      metadata TEXT,
      tags TEXT,
      created_at INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      content_id TEXT NOT NULL,
      content_kind TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'rejected')),
      holder TEXT NOT NULL,
      actor TEXT NOT NULL,
      conditions TEXT,
      move TEXT,
      is_new INTEGER NOT NULL CHECK (is_new IN (0, 1)),
      passed TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      next_at INTEGER NOT NULL,
      ended_at INTEGER,
      code TEXT,
      reason TEXT
    ) STRICT;
    CREATE INDEX held_files_by_name ON held_files (bucket, key, position) WHERE state = 'waiting';
    CREATE INDEX held_files_due ON held_files (next_at) WHERE state = 'waiting';
    CREATE INDEX held_files_by_end ON held_files (ended_at) WHERE ended_at IS NOT NULL;

    CREATE TRIGGER usage_of_held_file AFTER INSERT ON held_files WHEN NEW.move IS NULL BEGIN
      UPDATE folder_usage SET bytes = bytes + NEW.size, files = files + NEW.is_new WHERE ${HOLDS('NEW')};
    END;
    CREATE TRIGGER usage_of_settled_file AFTER UPDATE OF state ON held_files
    WHEN NEW.move IS NULL AND OLD.state = 'waiting' AND NEW.state <> 'waiting' BEGIN
      UPDATE folder_usage SET bytes = bytes - OLD.size, files = files - OLD.is_new WHERE ${HOLDS('OLD')};
    END;
    CREATE TRIGGER usage_of_admitted_file AFTER DELETE ON held_files
    WHEN OLD.move IS NULL AND OLD.state = 'waiting' BEGIN
      UPDATE folder_usage SET bytes = bytes - OLD.size, files = files - OLD.is_new WHERE ${HOLDS('OLD')};
    END;
  `,
}
