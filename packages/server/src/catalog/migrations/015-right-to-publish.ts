/** Making something public is a right of its own; whoever administrates had it before, and keeps it. */
import type { Migration } from './migration.ts'

const grantTo = (table: string): string => `
    UPDATE ${table} SET scope = json_insert(scope, '$.actions[#]', 'publish')
    WHERE EXISTS (SELECT 1 FROM json_each(scope, '$.actions') WHERE value = 'admin')
      AND NOT EXISTS (SELECT 1 FROM json_each(scope, '$.actions') WHERE value = 'publish');`

const grantInPostgres = (table: string): string => `
    UPDATE ${table} SET scope = jsonb_insert(scope::jsonb, '{actions,-1}', '"publish"', true)::text
    WHERE scope::jsonb->'actions' ? 'admin' AND NOT scope::jsonb->'actions' ? 'publish';`

export const rightToPublish: Migration = {
  version: 15,
  name: 'right-to-publish',
  sqlite: grantTo('api_keys') + grantTo('access_keys'),
  postgres: grantInPostgres('api_keys') + grantInPostgres('access_keys'),
}
