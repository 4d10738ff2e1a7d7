/** Plants what must not be, one of each kind, past everything that keeps it out. */
import { randomBytes } from 'node:crypto'
import type { RowSession } from '../../src/catalog/rows/row-catalog.ts'

export interface Planted {
  readonly kind: string
  /** The same is found under other names too. */
  readonly also?: readonly string[]
  readonly isRepaired: boolean
  readonly plant: (session: RowSession) => Promise<unknown>
}

const anyOf = (table: string, where: string): string =>
  `(SELECT id FROM ${table} WHERE ${where} ORDER BY id LIMIT 1)`
const BLOB = anyOf('contents', "kind = 'blob' AND refs = 1")
const RANGES = anyOf('contents', "kind = 'segments'")

function statements(...texts: readonly string[]): Planted['plant'] {
  return async (session) => {
    for (const text of texts) await session.run(text)
  }
}

/** What is repaired may leave the content that was planted to the sweep: the next one has another id. */
function contents(textsOf: (id: string) => readonly string[]): Planted['plant'] {
  return (session) => statements(...textsOf(`planted${randomBytes(6).toString('hex')}`))(session)
}

/** What foreign keys keep out of a database that is asked to. */
export const STRAYS: readonly Planted[] = [
  {
    kind: 'bucket-missing',
    isRepaired: true,
    plant: statements("UPDATE files SET bucket = 'gone' WHERE key = 'small/0'"),
  },
  {
    kind: 'folder-stray',
    isRepaired: true,
    plant: statements(
      "INSERT INTO folders (path, bucket, policy, updated_at) VALUES ('lost/x/', 'lost', '{}', 0)",
    ),
  },
  {
    kind: 'part-stray',
    isRepaired: true,
    also: ['content-missing'],
    plant: statements(
      "INSERT INTO parts (upload_id, number, size, etag, checksums, modified_at, content_id, content_kind) VALUES ('none', 1, 1, '', '', 0, 'nowhere', 'blob')",
    ),
  },
  {
    kind: 'message-stray',
    isRepaired: true,
    plant: statements(
      "INSERT INTO webhook_deliveries (id, webhook_id, event_id, kind, payload, state, attempts, next_at, created_at) VALUES ('m1', 'none', 'e', 'k', '', 'waiting', 0, 0, 0)",
    ),
  },
]

export const PLANTED: readonly Planted[] = [
  {
    kind: 'version-without-current',
    isRepaired: false,
    also: ['shares-wrong', 'usage-wrong', 'content-unheld'],
    plant: statements("DELETE FROM files WHERE key = 'large/versions'"),
  },
  { kind: 'epoch-missing', isRepaired: true, plant: statements('DELETE FROM key_epoch') },
  {
    kind: 'reader-missing',
    isRepaired: true,
    plant: statements("DELETE FROM event_readers WHERE name = 'watch'"),
  },
  {
    kind: 'mark-stray',
    isRepaired: true,
    plant: statements(
      "INSERT INTO damaged_blobs (content_id, fault, found_at) VALUES ('nowhere', 'missing', 0)",
    ),
  },
  {
    kind: 'content-missing',
    isRepaired: false,
    plant: statements(
      "DELETE FROM contents WHERE id = (SELECT content_id FROM files WHERE key = 'small/2')",
    ),
  },
  {
    kind: 'content-kind',
    isRepaired: true,
    plant: statements("UPDATE files SET content_kind = 'inline' WHERE key = 'large/0'"),
  },
  {
    kind: 'file-size',
    isRepaired: false,
    plant: statements("UPDATE files SET size = size + 1 WHERE key = 'large/0'"),
  },
  {
    kind: 'inline-size',
    isRepaired: false,
    also: ['file-size'],
    plant: statements(
      "UPDATE contents SET size = size + 5 WHERE id = (SELECT content_id FROM files WHERE key = 'small/3')",
    ),
  },
  {
    kind: 'segments-stray',
    isRepaired: true,
    also: ['shares-wrong'],
    plant: statements(
      `INSERT INTO segments (content_id, begins, part_id, kind, start, length) VALUES ('nowhere', 0, ${BLOB}, 'blob', 0, 1)`,
    ),
  },
  {
    kind: 'segment-missing',
    isRepaired: false,
    also: ['content-unheld', 'segment-kind'],
    plant: statements(
      `UPDATE segments SET part_id = 'nowhere' WHERE content_id = ${RANGES} AND begins = 0`,
    ),
  },
  {
    kind: 'segment-kind',
    isRepaired: true,
    plant: statements(
      `UPDATE segments SET kind = 'inline' WHERE content_id = ${RANGES} AND begins = 0`,
    ),
  },
  {
    kind: 'segment-beyond',
    isRepaired: false,
    plant: statements(`UPDATE segments SET start = start + 7 WHERE content_id = ${RANGES}`),
  },
  {
    kind: 'segments-gap',
    isRepaired: false,
    plant: statements(
      `UPDATE segments SET length = length - 1 WHERE content_id = ${RANGES} AND begins = 0`,
    ),
  },
  {
    kind: 'sweep-stray',
    isRepaired: true,
    plant: statements(
      "INSERT INTO sweep_list (content_id, kind, queued_at) VALUES ('nowhere', 'blob', 0)",
    ),
  },
  {
    kind: 'sweep-kind',
    isRepaired: true,
    plant: contents((id) => [
      `INSERT INTO contents (id, kind, refs, size) VALUES ('${id}', 'blob', 0, 1)`,
      `INSERT INTO sweep_list (content_id, kind, queued_at) VALUES ('${id}', 'inline', 0)`,
    ]),
  },
  {
    kind: 'sweep-held',
    isRepaired: true,
    plant: statements(
      `INSERT INTO sweep_list (content_id, kind, queued_at) VALUES (${BLOB}, 'blob', 0)`,
    ),
  },
  {
    kind: 'ranges-unheld',
    isRepaired: true,
    also: ['segments-gap'],
    plant: contents((id) => [
      `INSERT INTO contents (id, kind, refs, size) VALUES ('${id}', 'segments', 1, 0)`,
    ]),
  },
  {
    kind: 'shares-wrong',
    isRepaired: true,
    plant: statements(`UPDATE contents SET refs = refs + 2 WHERE id = ${BLOB}`),
  },
  {
    kind: 'content-unheld',
    isRepaired: true,
    also: ['blob-missing'],
    plant: contents((id) => [
      `INSERT INTO contents (id, kind, refs, size) VALUES ('${id}', 'blob', 1, 5)`,
    ]),
  },
  {
    kind: 'usage-wrong',
    isRepaired: true,
    plant: statements('UPDATE folder_usage SET bytes = bytes + 1000'),
  },
  {
    kind: 'tally-wrong',
    isRepaired: true,
    plant: statements('UPDATE upload_tallies SET uploads = uploads + 1'),
  },
  {
    kind: 'key-usage-wrong',
    isRepaired: true,
    plant: statements('UPDATE key_usage SET files = files + 1'),
  },
  {
    kind: 'link-tally-wrong',
    isRepaired: true,
    plant: statements('UPDATE grant_tallies SET at_most = 0'),
  },
  {
    kind: 'link-to-nothing',
    isRepaired: true,
    also: ['link-listed-wrong'],
    plant: statements("UPDATE grants SET file_id = 'file_nowhere' WHERE path = 'acme/small/1'"),
  },
  {
    kind: 'link-listed-wrong',
    isRepaired: true,
    plant: statements("UPDATE grants SET state = 2 WHERE path = 'acme/small/1'"),
  },
  {
    kind: 'link-not-listed',
    isRepaired: true,
    plant: statements(
      "DELETE FROM grant_index WHERE position = (SELECT position FROM grants WHERE path = 'acme/large/1')",
    ),
  },
  {
    kind: 'listed-stray',
    isRepaired: true,
    plant: statements('INSERT INTO grant_index (scope, state, position) VALUES (1, 0, 987654321)'),
  },
]
