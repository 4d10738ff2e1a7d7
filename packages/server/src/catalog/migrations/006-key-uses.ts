/** When access keys were used last, and since when they are switched off. */
import type { Migration } from './migration.ts'

export const keyUses: Migration = {
  version: 6,
  name: 'key-uses',
  postgres: '',
  sqlite: `
    ALTER TABLE access_keys ADD COLUMN last_used_at INTEGER;
    ALTER TABLE access_keys ADD COLUMN disabled_at INTEGER;
  `,
}
