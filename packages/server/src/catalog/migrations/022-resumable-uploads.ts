/** Uploads that are sent from one end to the other, over as many connections as it takes. */
import type { Migration } from './migration.ts'

export const resumableUploads: Migration = {
  version: 22,
  name: 'resumable-uploads',
  sqlite: `
    ALTER TABLE uploads ADD COLUMN resumable TEXT;
    ALTER TABLE finished_uploads ADD COLUMN resumable TEXT;
  `,
  postgres: `
    ALTER TABLE uploads ADD COLUMN resumable text COLLATE "C";
    ALTER TABLE finished_uploads ADD COLUMN resumable text COLLATE "C";
  `,
}
