/** Links that are for one version of a file, and a file's delete marker by the id of the file. */
import type { Migration } from './migration.ts'

export const boundVersions: Migration = {
  version: 5,
  name: 'bound-versions',
  postgres: '',
  sqlite: `
    ALTER TABLE grants ADD COLUMN version_id TEXT;
    CREATE INDEX markers_by_file ON versions (id, modified_at DESC, position) WHERE content_kind = 'delete-marker';
  `,
}
