/** When API keys were used last. */
import type { Migration } from './migration.ts'

export const apiKeyUses: Migration = {
  version: 31,
  name: 'api-key-uses',
  sqlite: 'ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER;',
  postgres: 'ALTER TABLE api_keys ADD COLUMN last_used_at bigint;',
}
