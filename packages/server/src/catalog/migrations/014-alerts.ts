/** What looked wrong, from where on it does, and links that stop until somebody has looked. */
import type { Migration } from './migration.ts'

export const alertTables: Migration = {
  version: 14,
  name: 'alerts',
  postgres: '',
  sqlite: `
    ALTER TABLE grants ADD COLUMN paused_at INTEGER;
    INSERT INTO event_readers SELECT 'watch', coalesce(max(position), 0) FROM events;

    CREATE TABLE watch_settings (
      path TEXT NOT NULL PRIMARY KEY,
      thresholds TEXT NOT NULL,
      pause TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE alerts (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      rule TEXT NOT NULL,
      subject TEXT NOT NULL,
      path TEXT NOT NULL,
      link_id TEXT,
      key_id TEXT,
      raised_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      times INTEGER NOT NULL,
      measured INTEGER NOT NULL,
      threshold INTEGER NOT NULL,
      has_paused INTEGER NOT NULL CHECK (has_paused IN (0, 1)),
      closed_at INTEGER,
      closed_by TEXT
    ) STRICT;
    CREATE INDEX alerts_open ON alerts (position) WHERE closed_at IS NULL;
    CREATE UNIQUE INDEX alerts_open_by_subject ON alerts (rule, subject) WHERE closed_at IS NULL;
    CREATE INDEX alerts_closed ON alerts (position) WHERE closed_at IS NOT NULL;
    CREATE INDEX alerts_by_end ON alerts (closed_at) WHERE closed_at IS NOT NULL;
  `,
}
