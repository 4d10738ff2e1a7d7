/**
 * What the folders hold that have a quota: every version counts with its bytes, and every file as one. Kept by the database
 * itself, so that no statement that stores or removes a version can forget it.
 */
import type { Migration } from './migration.ts'

const HOLDS = (row: 'NEW' | 'OLD'): string =>
  `bucket = ${row}.bucket AND ${row}.key >= prefix AND (prefix_end IS NULL OR ${row}.key < prefix_end)`

export const folderUsage: Migration = {
  version: 13,
  name: 'folder-usage',
  postgres: '',
  sqlite: `
    CREATE TABLE folder_usage (
      path TEXT NOT NULL PRIMARY KEY,
      bucket TEXT NOT NULL REFERENCES buckets (name) ON DELETE CASCADE,
      prefix TEXT NOT NULL,
      prefix_end TEXT,
      bytes INTEGER NOT NULL,
      files INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX folder_usage_by_bucket ON folder_usage (bucket);

    CREATE TRIGGER usage_of_new_file AFTER INSERT ON files BEGIN
      UPDATE folder_usage SET bytes = bytes + NEW.size, files = files + 1 WHERE ${HOLDS('NEW')};
    END;
    CREATE TRIGGER usage_of_replaced_file AFTER UPDATE OF size ON files BEGIN
      UPDATE folder_usage SET bytes = bytes + NEW.size - OLD.size WHERE ${HOLDS('NEW')};
    END;
    CREATE TRIGGER usage_of_removed_file AFTER DELETE ON files BEGIN
      UPDATE folder_usage SET bytes = bytes - OLD.size, files = files - 1 WHERE ${HOLDS('OLD')};
    END;
    CREATE TRIGGER usage_of_kept_version AFTER INSERT ON versions BEGIN
      UPDATE folder_usage SET bytes = bytes + NEW.size WHERE ${HOLDS('NEW')};
    END;
    CREATE TRIGGER usage_of_removed_version AFTER DELETE ON versions BEGIN
      UPDATE folder_usage SET bytes = bytes - OLD.size WHERE ${HOLDS('OLD')};
    END;
  `,
}
