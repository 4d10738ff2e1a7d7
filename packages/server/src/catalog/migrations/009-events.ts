/** What happened, in the order in which it was written. */
import type { Migration } from './migration.ts'

export const eventTrail: Migration = {
  version: 9,
  name: 'events',
  postgres: '',
  sqlite: `
    CREATE TABLE events (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      code TEXT,
      link_id TEXT,
      key_id TEXT,
      path TEXT NOT NULL,
      target TEXT,
      address TEXT,
      agent TEXT,
      referrer TEXT,
      bytes INTEGER NOT NULL,
      count INTEGER NOT NULL,
      detail TEXT,
      is_change INTEGER NOT NULL CHECK (is_change IN (0, 1))
    ) STRICT;
    CREATE INDEX events_by_age ON events (is_change);
    CREATE INDEX events_by_path ON events (path);
    CREATE INDEX events_by_key ON events (key_id);
    CREATE INDEX events_by_link ON events (link_id) WHERE link_id IS NOT NULL;
    CREATE INDEX events_by_target ON events (target) WHERE target IS NOT NULL;
    CREATE INDEX events_by_code ON events (code) WHERE code IS NOT NULL;
  `,
}
