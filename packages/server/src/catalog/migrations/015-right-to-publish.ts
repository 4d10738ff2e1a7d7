/** Making something public is a right of its own; whoever administrates had it before, and keeps it. */
import type { Migration } from './migration.ts'

const grantTo = (table: string): string => `
    UPDATE ${table} SET scope = json_insert(scope, '$.actions[#]', 'publish')
    WHERE EXISTS (SELECT 1 FROM json_each(scope, '$.actions') WHERE value = 'admin')
      AND NOT EXISTS (SELECT 1 FROM json_each(scope, '$.actions') WHERE value = 'publish');`

export const rightToPublish: Migration = {
  version: 15,
  name: 'right-to-publish',
  sqlite: grantTo('api_keys') + grantTo('access_keys'),
}
