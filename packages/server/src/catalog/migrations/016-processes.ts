/** What processes over one catalog on several machines know of each other: who lives, what they read, and who has which task. */
import type { Migration } from './migration.ts'

export const processTables: Migration = {
  version: 16,
  name: 'processes',
  sqlite: `
    CREATE TABLE processes (
      id TEXT NOT NULL PRIMARY KEY,
      seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE content_holds (
      content_id TEXT NOT NULL,
      process_id TEXT NOT NULL,
      PRIMARY KEY (content_id, process_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX content_holds_by_process ON content_holds (process_id);

    CREATE TABLE leases (
      task TEXT NOT NULL PRIMARY KEY,
      holder TEXT NOT NULL,
      ends_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE processes (
      id text COLLATE "C" PRIMARY KEY,
      seen_at bigint NOT NULL
    );

    CREATE TABLE content_holds (
      content_id text COLLATE "C" NOT NULL,
      process_id text COLLATE "C" NOT NULL,
      PRIMARY KEY (content_id, process_id)
    );
    CREATE INDEX content_holds_by_process ON content_holds (process_id);

    CREATE TABLE leases (
      task text COLLATE "C" PRIMARY KEY,
      holder text COLLATE "C" NOT NULL,
      ends_at bigint NOT NULL
    );
  `,
}
