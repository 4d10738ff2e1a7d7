/** Pages for people: a grant that says what it gives to whoever opens it. */
import type { Migration } from './migration.ts'

export const shares: Migration = {
  version: 17,
  name: 'shares',
  sqlite: 'ALTER TABLE grants ADD COLUMN share TEXT;',
  postgres: 'ALTER TABLE grants ADD COLUMN share text COLLATE "C";',
}
