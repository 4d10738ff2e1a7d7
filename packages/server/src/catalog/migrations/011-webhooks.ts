/** Who is told what happened, what is still to be told, and how far into the events their readers are. */
import type { Migration } from './migration.ts'

export const webhookTables: Migration = {
  version: 11,
  name: 'webhooks',
  postgres: '',
  sqlite: `
    CREATE TABLE event_readers (
      name TEXT NOT NULL PRIMARY KEY,
      position INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO event_readers SELECT 'webhooks', coalesce(max(position), 0) FROM events;

    CREATE TABLE webhooks (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      url TEXT NOT NULL,
      kinds TEXT NOT NULL,
      path_prefix TEXT NOT NULL,
      sealed_secret BLOB NOT NULL,
      sealed_previous BLOB,
      previous_until INTEGER,
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      disabled_at INTEGER,
      skipped INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE webhook_deliveries (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
      event_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      payload TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
      attempts INTEGER NOT NULL,
      next_at INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      ended_at INTEGER,
      last_status INTEGER,
      last_fault TEXT
    ) STRICT;
    CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, position);
    CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (webhook_id, state, position);
    CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at)
      WHERE state = 'waiting';
    CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at)
      WHERE ended_at IS NOT NULL;
  `,
}
