/** Who is signed in to the console. */
import type { Migration } from './migration.ts'

export const sessionTable: Migration = {
  version: 23,
  name: 'sessions',
  sqlite: `
    CREATE TABLE sessions (
      id TEXT NOT NULL PRIMARY KEY,
      key_id TEXT,
      person TEXT,
      sign_in_id TEXT UNIQUE,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      ended_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_end ON sessions (expires_at);
  `,
  postgres: `
    CREATE TABLE sessions (
      id text COLLATE "C" PRIMARY KEY,
      key_id text COLLATE "C",
      person text COLLATE "C",
      sign_in_id text COLLATE "C" UNIQUE,
      created_at bigint NOT NULL,
      expires_at bigint NOT NULL,
      ended_at bigint
    );
    CREATE INDEX sessions_by_end ON sessions (expires_at);
  `,
}
