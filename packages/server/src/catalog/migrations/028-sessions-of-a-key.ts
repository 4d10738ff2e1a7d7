/** The newest sessions of a key, in their order. */
import type { Migration } from './migration.ts'

const INDEX = `
    CREATE INDEX sessions_of_key ON sessions (key_id, created_at DESC, id DESC) WHERE ended_at IS NULL;
  `

export const sessionsOfAKey: Migration = {
  version: 28,
  name: 'sessions of a key',
  sqlite: INDEX,
  postgres: INDEX,
}
