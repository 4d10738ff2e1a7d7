/** Rows that belong to a row which is not there. */
import type { Check } from './check.ts'

const IN_NO_BUCKET = `NOT EXISTS (SELECT 1 FROM buckets WHERE name = bucket)`

export const ROWS_OF_OTHERS: readonly Check[] = [
  {
    kind: 'bucket-missing',
    says: 'files, versions or uploads lie in a bucket that is not there',
    find: `
      SELECT bucket, 'holds ' || CAST(count(*) AS text) AS about FROM (
        SELECT bucket FROM files WHERE ${IN_NO_BUCKET}
        UNION ALL SELECT bucket FROM versions WHERE ${IN_NO_BUCKET}
        UNION ALL SELECT bucket FROM uploads WHERE ${IN_NO_BUCKET}
      ) AS lost GROUP BY bucket`,
    repair: [
      `INSERT INTO buckets (name, created_at, versioning, settings)
       SELECT bucket, CAST(? AS bigint), 'off', '{}' FROM (
        SELECT bucket FROM files WHERE ${IN_NO_BUCKET}
        UNION SELECT bucket FROM versions WHERE ${IN_NO_BUCKET}
        UNION SELECT bucket FROM uploads WHERE ${IN_NO_BUCKET}
      ) AS lost`,
    ],
  },
  {
    kind: 'folder-stray',
    says: 'settings of a folder in a bucket that is not there',
    find: `SELECT path, bucket FROM folders WHERE bucket IS NOT NULL AND ${IN_NO_BUCKET}`,
    repair: [`DELETE FROM folders WHERE bucket IS NOT NULL AND ${IN_NO_BUCKET}`],
  },
  {
    kind: 'part-stray',
    says: 'a part of an upload that is not there',
    find: `SELECT upload_id, 'part ' || CAST(number AS text) AS about FROM parts
      WHERE NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.id = upload_id)`,
    repair: [
      'DELETE FROM parts WHERE NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.id = upload_id)',
    ],
  },
  {
    kind: 'message-stray',
    says: 'a message to a webhook that is not there',
    find: `SELECT id, webhook_id FROM webhook_deliveries
      WHERE NOT EXISTS (SELECT 1 FROM webhooks WHERE webhooks.id = webhook_id)`,
    repair: [
      'DELETE FROM webhook_deliveries WHERE NOT EXISTS (SELECT 1 FROM webhooks WHERE webhooks.id = webhook_id)',
    ],
  },
  {
    kind: 'version-without-current',
    says: 'the newest version of a name is kept and not current',
    find: `SELECT newest.bucket || '/' || newest.key AS name, newest.version_id FROM versions AS newest
      WHERE newest.content_kind <> 'delete-marker'
        AND NOT EXISTS (SELECT 1 FROM files WHERE files.bucket = newest.bucket AND files.key = newest.key)
        AND NOT EXISTS (SELECT 1 FROM versions AS newer
          WHERE newer.bucket = newest.bucket AND newer.key = newest.key AND newer.position < newest.position)`,
    repair: null,
  },
  {
    kind: 'epoch-missing',
    says: 'there is no number by which processes learn of changes',
    find: `SELECT 'key_epoch' AS name, 'no row' AS about WHERE NOT EXISTS (SELECT 1 FROM key_epoch)`,
    // Larger than any that was, so that nobody takes what he remembers for the newest.
    repair: [
      `INSERT INTO key_epoch ("only", value) SELECT 1, CAST(? AS bigint) WHERE NOT EXISTS (SELECT 1 FROM key_epoch)`,
    ],
  },
  {
    kind: 'reader-missing',
    says: 'a reader of events does not know how far it came',
    find: `SELECT wanted.name, 'no row' AS about FROM (SELECT 'webhooks' AS name UNION ALL SELECT 'watch') AS wanted
      WHERE NOT EXISTS (SELECT 1 FROM event_readers WHERE event_readers.name = wanted.name)`,
    repair: [
      `INSERT INTO event_readers (name, position)
       SELECT wanted.name, (SELECT coalesce(max(position), 0) FROM events)
       FROM (SELECT 'webhooks' AS name UNION ALL SELECT 'watch') AS wanted
       WHERE NOT EXISTS (SELECT 1 FROM event_readers WHERE event_readers.name = wanted.name)`,
    ],
  },
  {
    kind: 'mark-stray',
    says: 'a mark of damage on a blob that nobody holds',
    find: `SELECT content_id, fault FROM damaged_blobs
      WHERE NOT EXISTS (SELECT 1 FROM contents WHERE contents.id = content_id)`,
    repair: [
      'DELETE FROM damaged_blobs WHERE NOT EXISTS (SELECT 1 FROM contents WHERE contents.id = content_id)',
    ],
  },
]
