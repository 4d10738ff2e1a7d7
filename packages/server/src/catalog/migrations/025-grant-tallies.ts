/** How many links each key and end user has alive: kept beside them, and counted anew where it reaches a bound. */
import type { Migration } from './migration.ts'

export const grantTallyTable: Migration = {
  version: 25,
  name: 'grant-tallies',
  sqlite: `
    CREATE TABLE grant_tallies (
      created_by TEXT NOT NULL PRIMARY KEY,
      at_most INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
  postgres: `
    CREATE TABLE grant_tallies (
      created_by text COLLATE "C" PRIMARY KEY,
      at_most bigint NOT NULL
    );
  `,
}
