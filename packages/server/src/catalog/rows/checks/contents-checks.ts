/** What files and parts hold, and what contents say of themselves. In the order in which it can be put right. */
import { HOLDERS, IS_SWEPT, SHARES } from './check.ts'
import type { Check } from './check.ts'

const PART = 'SELECT part.%s FROM contents AS part WHERE part.id = segments.part_id'
const partOf = (column: string): string => `(${PART.replace('%s', column)})`
const COUNTED = `(SELECT content_id AS id, count(*) AS shares FROM (${SHARES}) AS held GROUP BY content_id)`
const UNHELD = `NOT EXISTS (SELECT 1 FROM (${SHARES}) AS held WHERE held.content_id = contents.id)`
const NO_CONTENT = `NOT EXISTS (SELECT 1 FROM contents WHERE contents.id = content_id)`

const HELD_TABLES = ['files', 'versions', 'parts', 'held_files']

export const CONTENTS_CHECKS: readonly Check[] = [
  {
    kind: 'content-missing',
    says: 'a file, version or part holds a content that the catalog does not have',
    find: `SELECT holder, content_id FROM (${HOLDERS}) AS held WHERE ${NO_CONTENT}`,
    repair: null,
  },
  {
    kind: 'content-kind',
    says: 'a file, version or part says of its content that it is kept in another way than it is',
    find: `SELECT held.holder, held.content_kind || ', not ' || contents.kind AS about
      FROM (${HOLDERS}) AS held JOIN contents ON contents.id = held.content_id
      WHERE held.content_kind <> contents.kind`,
    repair: HELD_TABLES.map(
      (
        table,
      ) => `UPDATE ${table} SET content_kind = (SELECT kind FROM contents WHERE contents.id = content_id)
        WHERE content_kind <> 'delete-marker' AND EXISTS
          (SELECT 1 FROM contents WHERE contents.id = content_id AND contents.kind <> content_kind)`,
    ),
  },
  {
    kind: 'file-size',
    says: 'a file, version or part has another size than its content',
    find: `SELECT held.holder, CAST(held.size AS text) || ', not ' || CAST(contents.size AS text) AS about
      FROM (${HOLDERS}) AS held JOIN contents ON contents.id = held.content_id WHERE held.size <> contents.size`,
    repair: null,
  },
  {
    kind: 'inline-size',
    says: 'bytes in the catalog are more or fewer than they are said to be',
    find: `SELECT id, CAST(length(bytes) AS text) || ' bytes, not ' || CAST(size AS text) AS about
      FROM contents WHERE kind = 'inline' AND length(bytes) <> size`,
    repair: null,
  },
  {
    kind: 'segments-stray',
    says: 'ranges of a content that is not there',
    find: `SELECT content_id, 'at ' || CAST(begins AS text) AS about FROM segments WHERE ${NO_CONTENT}`,
    repair: [`DELETE FROM segments WHERE ${NO_CONTENT}`],
  },
  {
    kind: 'segment-missing',
    says: 'a range of a content that is not there',
    find: `SELECT content_id, part_id FROM segments
      WHERE NOT EXISTS (SELECT 1 FROM contents WHERE contents.id = part_id)`,
    repair: null,
  },
  {
    kind: 'segment-kind',
    says: 'a range says of its content that it is kept in another way than it is',
    find: `SELECT content_id, part_id FROM segments WHERE segments.kind <> ${partOf('kind')}`,
    repair: [
      `UPDATE segments SET kind = ${partOf('kind')} WHERE segments.kind <> ${partOf('kind')}`,
    ],
  },
  {
    kind: 'segment-beyond',
    says: 'a range ends behind the end of its content',
    find: `SELECT content_id, part_id FROM segments WHERE start < 0 OR start + length > ${partOf('size')}`,
    repair: null,
  },
  {
    kind: 'segments-gap',
    says: 'the ranges of a content do not make up its size, or leave a gap',
    find: `SELECT contents.id, CAST(coalesce(sum(length), 0) AS text) || ' of ' || CAST(contents.size AS text) AS about
      FROM contents LEFT JOIN segments ON segments.content_id = contents.id
      WHERE contents.kind = 'segments' GROUP BY contents.id, contents.size
      HAVING coalesce(sum(length), 0) <> contents.size OR coalesce(min(begins), 0) <> 0
        OR coalesce(max(begins + length), 0) <> contents.size`,
    repair: null,
  },
  {
    kind: 'sweep-stray',
    says: 'on the list of what is to be deleted, and not in the catalog',
    find: `SELECT content_id, kind FROM sweep_list WHERE ${NO_CONTENT}`,
    repair: [`DELETE FROM sweep_list WHERE ${NO_CONTENT}`],
  },
  {
    kind: 'sweep-kind',
    says: 'on the list of what is to be deleted as something else than it is',
    find: `SELECT content_id, sweep_list.kind FROM sweep_list JOIN contents ON contents.id = content_id
      WHERE sweep_list.kind <> contents.kind`,
    repair: [
      `UPDATE sweep_list SET kind = (SELECT kind FROM contents WHERE contents.id = content_id)
       WHERE EXISTS (SELECT 1 FROM contents
         WHERE contents.id = content_id AND contents.kind <> sweep_list.kind AND contents.kind <> 'segments')`,
      `DELETE FROM sweep_list WHERE EXISTS
        (SELECT 1 FROM contents WHERE contents.id = content_id AND contents.kind = 'segments')`,
    ],
  },
  {
    kind: 'sweep-held',
    says: 'on the list of what is to be deleted, though it is held',
    find: `SELECT content_id, kind FROM sweep_list
      WHERE EXISTS (SELECT 1 FROM (${SHARES}) AS held WHERE held.content_id = sweep_list.content_id)`,
    repair: [
      `DELETE FROM sweep_list
       WHERE EXISTS (SELECT 1 FROM (${SHARES}) AS held WHERE held.content_id = sweep_list.content_id)`,
    ],
  },
  {
    kind: 'ranges-unheld',
    says: 'a content that is made of ranges, and that nobody holds',
    find: `SELECT id, 'refs ' || CAST(refs AS text) AS about FROM contents WHERE kind = 'segments' AND ${UNHELD}`,
    repair: [
      `DELETE FROM segments WHERE content_id IN (SELECT id FROM contents WHERE kind = 'segments' AND ${UNHELD})`,
      `DELETE FROM contents WHERE kind = 'segments' AND ${UNHELD}`,
    ],
  },
  {
    kind: 'shares-wrong',
    says: 'a content is held by more or fewer than it counts',
    find: `SELECT contents.id, CAST(refs AS text) || ', not ' || CAST(counted.shares AS text) AS about
      FROM contents JOIN ${COUNTED} AS counted ON counted.id = contents.id
      WHERE refs <> counted.shares AND NOT ${IS_SWEPT}`,
    repair: [
      `UPDATE contents SET refs = (SELECT counted.shares FROM ${COUNTED} AS counted WHERE counted.id = contents.id)
       WHERE NOT ${IS_SWEPT} AND EXISTS
         (SELECT 1 FROM ${COUNTED} AS counted WHERE counted.id = contents.id AND counted.shares <> contents.refs)`,
    ],
  },
  {
    kind: 'content-unheld',
    says: 'a content that nobody holds, and that would never be deleted',
    find: `SELECT id, kind FROM contents WHERE kind <> 'segments' AND ${UNHELD} AND NOT ${IS_SWEPT}`,
    repair: [
      `INSERT INTO sweep_list (content_id, kind, queued_at)
       SELECT id, kind, CAST(? AS bigint) FROM contents WHERE kind <> 'segments' AND ${UNHELD} AND NOT ${IS_SWEPT}`,
    ],
  },
]
