/** Who guessed passwords lately, for all processes at once; and how links that are over are found when it is time to let go of their records. */
import type { Migration } from './migration.ts'

const ENDED = `
    CREATE INDEX grants_ended_by_end ON grants (expires_at) WHERE state > 0;
    CREATE INDEX grants_ended_by_position ON grants (position) WHERE state > 0;`

export const guessTable: Migration = {
  version: 30,
  name: 'guesses',
  sqlite: `
    CREATE TABLE password_guesses (
      who TEXT NOT NULL PRIMARY KEY,
      times TEXT NOT NULL,
      forget_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX password_guesses_by_end ON password_guesses (forget_at);
    ${ENDED}
  `,
  postgres: `
    CREATE TABLE password_guesses (
      who text COLLATE "C" PRIMARY KEY,
      times text NOT NULL,
      forget_at bigint NOT NULL
    );
    CREATE INDEX password_guesses_by_end ON password_guesses (forget_at);
    ${ENDED}
  `,
}
