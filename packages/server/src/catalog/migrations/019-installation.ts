/** Which installation the catalog is of, and where its blobs rest. */
import type { Migration } from './migration.ts'

export const installationTable: Migration = {
  version: 19,
  name: 'installation',
  sqlite: `
    CREATE TABLE installation (
      only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
      id TEXT NOT NULL,
      blobs TEXT
    ) STRICT;
  `,
  postgres: `
    CREATE TABLE installation (
      "only" bigint PRIMARY KEY CHECK ("only" = 1),
      id text COLLATE "C" NOT NULL,
      blobs text COLLATE "C"
    );
  `,
}
