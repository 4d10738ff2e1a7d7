/** What each blob is known by, which are not what they were, and how far the reading of all of them has come. */
import type { Migration } from './migration.ts'

/** A file that came in one piece says what its blob hashes to; of others the first reading will. */
const LEARN = `
    UPDATE contents SET sha256 = substr(held.checksums, instr(held.checksums, 'sha256=') + 7, 44)
    FROM files AS held
    WHERE held.content_id = contents.id AND contents.kind = 'blob' AND instr(held.checksums, 'sha256=') > 0;`

export const damagedBlobs: Migration = {
  version: 21,
  name: 'damaged-blobs',
  sqlite: `
    ALTER TABLE contents ADD COLUMN sha256 TEXT;
    ${LEARN}

    CREATE TABLE damaged_blobs (
      content_id TEXT NOT NULL PRIMARY KEY,
      fault TEXT NOT NULL CHECK (fault IN ('missing', 'changed')),
      found_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE scrub_round (
      only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
      began_at INTEGER NOT NULL,
      position INTEGER NOT NULL,
      done INTEGER NOT NULL,
      whole INTEGER NOT NULL
    ) STRICT;
  `,
  postgres: `
    ALTER TABLE contents ADD COLUMN sha256 text COLLATE "C";
    ${LEARN}

    CREATE TABLE damaged_blobs (
      content_id text COLLATE "C" PRIMARY KEY,
      fault text COLLATE "C" NOT NULL CHECK (fault IN ('missing', 'changed')),
      found_at bigint NOT NULL
    );

    CREATE TABLE scrub_round (
      "only" bigint PRIMARY KEY CHECK ("only" = 1),
      began_at bigint NOT NULL,
      position bigint NOT NULL,
      done bigint NOT NULL,
      whole bigint NOT NULL
    );
  `,
}
