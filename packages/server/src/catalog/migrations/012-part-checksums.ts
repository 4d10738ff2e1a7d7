/** The checksums of the parts that a content came in, where their client said which they have. */
import type { Migration } from './migration.ts'

export const partChecksums: Migration = {
  version: 12,
  name: 'part-checksums',
  postgres: '',
  sqlite: `
    ALTER TABLE contents ADD COLUMN part_checksums TEXT;
  `,
}
