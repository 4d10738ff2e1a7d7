/**
 * What keys with a quota have stored, counted as folders are: by the key in whose quota a version counts. And parts take room from the
 * moment they come, in the quotas of folders as in those of keys. Besides: when a file came to its name.
 */
import type { Migration } from './migration.ts'

/** The folders that hold the name of an upload. */
const AROUND = `folder_usage.bucket = uploads.bucket AND uploads.key >= folder_usage.prefix
      AND (folder_usage.prefix_end IS NULL OR uploads.key < folder_usage.prefix_end)`

const OPEN_PARTS = `
    UPDATE folder_usage SET bytes = bytes + (
      SELECT coalesce(sum(parts.size), 0) FROM parts JOIN uploads ON uploads.id = parts.upload_id WHERE ${AROUND});`

const TABLES = ['files', 'versions', 'held_files', 'uploads'] as const

const addColumns = (type: string): string =>
  TABLES.map(
    (name) => `ALTER TABLE ${name} ADD COLUMN quota_key ${type} NOT NULL DEFAULT '';`,
  ).join('\n    ')

/** Links that were signed before it are over, where no record of them could end. */
const ARRIVAL = (type: string): string => `
    ALTER TABLE files ADD COLUMN arrived_at ${type} NOT NULL DEFAULT 0;
    ALTER TABLE versions ADD COLUMN arrived_at ${type} NOT NULL DEFAULT 0;`

interface Counted {
  readonly name: string
  /** `AFTER INSERT ON files`, and when. */
  readonly after: string
  readonly when: string
  readonly row: 'NEW' | 'OLD'
  readonly bytes: string
  readonly files: string
}

const WAITS = "move IS NULL AND OLD.state = 'waiting'"

const COUNTED: readonly Counted[] = [
  {
    name: 'new_file',
    after: 'INSERT ON files',
    when: 'TRUE',
    row: 'NEW',
    bytes: '+ NEW.size',
    files: '+ 1',
  },
  {
    name: 'replacing_file',
    after: 'UPDATE OF size ON files',
    when: 'TRUE',
    row: 'NEW',
    bytes: '+ NEW.size',
    files: '+ 1',
  },
  {
    name: 'replaced_file',
    after: 'UPDATE OF size ON files',
    when: 'TRUE',
    row: 'OLD',
    bytes: '- OLD.size',
    files: '- 1',
  },
  {
    name: 'removed_file',
    after: 'DELETE ON files',
    when: 'TRUE',
    row: 'OLD',
    bytes: '- OLD.size',
    files: '- 1',
  },
  {
    name: 'kept_version',
    after: 'INSERT ON versions',
    when: 'TRUE',
    row: 'NEW',
    bytes: '+ NEW.size',
    files: '',
  },
  {
    name: 'removed_version',
    after: 'DELETE ON versions',
    when: 'TRUE',
    row: 'OLD',
    bytes: '- OLD.size',
    files: '',
  },
  {
    name: 'held_file',
    after: 'INSERT ON held_files',
    when: 'NEW.move IS NULL',
    row: 'NEW',
    bytes: '+ NEW.size',
    files: '+ NEW.is_new',
  },
  {
    name: 'settled_file',
    after: 'UPDATE OF state ON held_files',
    when: `OLD.${WAITS} AND NEW.state <> 'waiting'`,
    row: 'OLD',
    bytes: '- OLD.size',
    files: '- OLD.is_new',
  },
  {
    name: 'admitted_file',
    after: 'DELETE ON held_files',
    when: `OLD.${WAITS}`,
    row: 'OLD',
    bytes: '- OLD.size',
    files: '- OLD.is_new',
  },
]

/** Of a key; most rows count for none. */
function count({ row, bytes, files }: Counted): string {
  return `UPDATE key_usage SET bytes = bytes ${bytes}, files = files ${files} WHERE key_id = ${row}.quota_key;`
}

const SQLITE_TRIGGERS = COUNTED.map(
  (counted) => `
    CREATE TRIGGER key_usage_of_${counted.name} AFTER ${counted.after}
    WHEN ${counted.row}.quota_key <> '' AND ${counted.when} BEGIN
      ${count(counted)}
    END;`,
).join('')

const POSTGRES_TRIGGERS = COUNTED.map(
  (counted) => `
    CREATE FUNCTION key_usage_of_${counted.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      ${count(counted)}
      RETURN NULL;
    END $$;
    CREATE TRIGGER key_usage_of_${counted.name} AFTER ${counted.after} FOR EACH ROW
      WHEN (${counted.row}.quota_key <> '' AND ${counted.when}) EXECUTE FUNCTION key_usage_of_${counted.name}();`,
).join('')

/** A part goes before its upload does. */
const countPart = (row: 'NEW' | 'OLD', bytes: string): string => `
      UPDATE folder_usage SET bytes = folder_usage.bytes ${bytes} FROM uploads
      WHERE uploads.id = ${row}.upload_id AND ${AROUND};
      UPDATE key_usage SET bytes = key_usage.bytes ${bytes} FROM uploads
      WHERE uploads.id = ${row}.upload_id AND key_usage.key_id = uploads.quota_key;`

/** Replaced, or moved into the upload that others were put together as. */
const CHANGED_PART: string = countPart('OLD', '- OLD.size') + countPart('NEW', '+ NEW.size')

export const keyUsage: Migration = {
  version: 24,
  name: 'key-usage',
  sqlite: `
    CREATE TABLE key_usage (
      key_id TEXT NOT NULL PRIMARY KEY,
      bytes INTEGER NOT NULL,
      files INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    ${addColumns('TEXT')}
    ${ARRIVAL('INTEGER')}
    ${OPEN_PARTS}
    ${SQLITE_TRIGGERS}

    CREATE TRIGGER usage_of_new_part AFTER INSERT ON parts BEGIN ${countPart('NEW', '+ NEW.size')}
    END;
    CREATE TRIGGER usage_of_changed_part AFTER UPDATE OF size, upload_id ON parts BEGIN ${CHANGED_PART}
    END;
    CREATE TRIGGER usage_of_removed_part AFTER DELETE ON parts BEGIN ${countPart('OLD', '- OLD.size')}
    END;
  `,
  postgres: `
    CREATE TABLE key_usage (
      key_id text COLLATE "C" PRIMARY KEY,
      bytes bigint NOT NULL,
      files bigint NOT NULL
    );
    ${addColumns('text COLLATE "C"')}
    ${ARRIVAL('bigint')}
    ${OPEN_PARTS}
    ${POSTGRES_TRIGGERS}

    CREATE FUNCTION count_usage_of_parts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF TG_OP = 'INSERT' THEN ${countPart('NEW', '+ NEW.size')}
      ELSIF TG_OP = 'UPDATE' THEN ${CHANGED_PART}
      ELSE ${countPart('OLD', '- OLD.size')}
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER usage_of_parts AFTER INSERT OR DELETE OR UPDATE OF size, upload_id ON parts
      FOR EACH ROW EXECUTE FUNCTION count_usage_of_parts();
  `,
}
