/** What a link is bound to, which no statement asks for, in one column: a further term takes no migration. */
import type { Migration } from './migration.ts'

export const linkTerms: Migration = {
  version: 8,
  name: 'link-terms',
  // A patch leaves out what is null.
  postgres: '',
  sqlite: `
    ALTER TABLE grants ADD COLUMN terms TEXT;
    UPDATE grants SET terms = nullif(json_patch('{}', json_object(
      'reason', reason,
      'networks', CASE WHEN networks <> '[]' THEN json(networks) END,
      'maxBytes', max_bytes,
      'contentTypes', CASE WHEN content_types <> '[]' THEN json(content_types) END,
      'mayOverwrite', CASE WHEN may_overwrite = 1 THEN json('true') END
    )), '{}');
    ALTER TABLE grants DROP COLUMN reason;
    ALTER TABLE grants DROP COLUMN networks;
    ALTER TABLE grants DROP COLUMN max_bytes;
    ALTER TABLE grants DROP COLUMN content_types;
    ALTER TABLE grants DROP COLUMN may_overwrite;
  `,
}
