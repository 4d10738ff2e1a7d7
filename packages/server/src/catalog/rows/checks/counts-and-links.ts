/** What is counted beside the rows that it is counted of, and links to what is not there. */
import { scopesOfGrant } from '../../sql/grant-scopes.ts'
import type { RowSession } from '../row-catalog.ts'
import type { Check } from './check.ts'

const WITHIN = `bucket = folder_usage.bucket AND key >= folder_usage.prefix
  AND (folder_usage.prefix_end IS NULL OR key < folder_usage.prefix_end)`
const WAITING = `held_files WHERE state = 'waiting' AND move IS NULL AND ${WITHIN}`
const SUM = (from: string): string => `(SELECT coalesce(sum(size), 0) FROM ${from})`
const PARTS =
  '(SELECT coalesce(sum(parts.size), 0) FROM parts JOIN uploads ON uploads.id = parts.upload_id WHERE'
const USED_BYTES = `${SUM(`files WHERE ${WITHIN}`)} + ${SUM(`versions WHERE ${WITHIN}`)} + ${SUM(WAITING)} + ${PARTS} ${WITHIN})`
const USED_FILES = `(SELECT count(*) FROM files WHERE ${WITHIN}) + (SELECT coalesce(sum(is_new), 0) FROM ${WAITING})`

const OF_KEY = 'quota_key = key_usage.key_id'
const WAITING_OF_KEY = `held_files WHERE state = 'waiting' AND move IS NULL AND ${OF_KEY}`
const KEY_BYTES = `${SUM(`files WHERE ${OF_KEY}`)} + ${SUM(`versions WHERE ${OF_KEY}`)} + ${SUM(WAITING_OF_KEY)} + ${PARTS} ${OF_KEY})`
const KEY_FILES = `(SELECT count(*) FROM files WHERE ${OF_KEY}) + (SELECT coalesce(sum(is_new), 0) FROM ${WAITING_OF_KEY})`

/** Of one whose uses are counted some may have come back since; what is kept of all may be too many, and never too few. */
const OPEN_OF = 'grants WHERE grants.created_by = grant_tallies.created_by AND state = 0'
const SURELY_COUNTED = `(SELECT count(*) FROM ${OPEN_OF} AND max_uses IS NULL)`

const OPENED = `(SELECT created_by, count(*) AS uploads,
    sum((SELECT coalesce(sum(parts.size), 0) FROM parts WHERE parts.upload_id = uploads.id)) AS bytes
  FROM uploads GROUP BY created_by)`

/** An open link to a file that exists neither as current nor as older version, nor waits. */
const TO_NOTHING = `state = 0 AND file_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM files WHERE files.id = file_id)
  AND NOT EXISTS (SELECT 1 FROM versions WHERE versions.id = file_id)
  AND NOT EXISTS (SELECT 1 FROM held_files WHERE held_files.id = file_id)`

const UNLISTED = `NOT EXISTS (SELECT 1 FROM grant_index WHERE grant_index.position = grants.position)`
const LISTED_WRONG = `EXISTS (SELECT 1 FROM grants WHERE grants.position = grant_index.position AND grants.state <> grant_index.state)`

export const COUNTS_AND_LINKS: readonly Check[] = [
  {
    kind: 'usage-wrong',
    says: 'a folder with a quota holds more or less than was counted',
    find: `SELECT path, CAST(bytes AS text) || ' bytes, not ' || CAST(${USED_BYTES} AS text) AS about FROM folder_usage
      WHERE bytes <> ${USED_BYTES} OR files <> ${USED_FILES}`,
    repair: [`UPDATE folder_usage SET bytes = ${USED_BYTES}, files = ${USED_FILES}`],
  },
  {
    kind: 'tally-wrong',
    says: 'a key has more or fewer uploads open than were counted',
    find: `SELECT created_by, 'counts ' || CAST(uploads AS text) AS about FROM upload_tallies
        WHERE NOT EXISTS (SELECT 1 FROM ${OPENED} AS opened WHERE opened.created_by = upload_tallies.created_by
          AND opened.uploads = upload_tallies.uploads AND opened.bytes = upload_tallies.bytes)
      UNION ALL SELECT created_by, 'not counted' FROM ${OPENED} AS opened
        WHERE NOT EXISTS (SELECT 1 FROM upload_tallies WHERE upload_tallies.created_by = opened.created_by)`,
    repair: [
      'DELETE FROM upload_tallies',
      `INSERT INTO upload_tallies (created_by, uploads, bytes) SELECT created_by, uploads, bytes FROM ${OPENED} AS opened`,
    ],
  },
  {
    kind: 'key-usage-wrong',
    says: 'a key with a quota has stored more or less than was counted',
    find: `SELECT key_id, CAST(bytes AS text) || ' bytes, not ' || CAST(${KEY_BYTES} AS text) AS about FROM key_usage
      WHERE bytes <> ${KEY_BYTES} OR files <> ${KEY_FILES}`,
    repair: [`UPDATE key_usage SET bytes = ${KEY_BYTES}, files = ${KEY_FILES}`],
  },
  {
    kind: 'link-tally-wrong',
    says: 'a key has more links open than were counted',
    find: `SELECT created_by, CAST(at_most AS text) || ' at most, not ' || CAST(${SURELY_COUNTED} AS text) AS about
      FROM grant_tallies WHERE at_most < ${SURELY_COUNTED}`,
    repair: [
      `UPDATE grant_tallies SET at_most = (SELECT count(*) FROM ${OPEN_OF}) WHERE at_most < ${SURELY_COUNTED}`,
    ],
  },
  {
    kind: 'link-to-nothing',
    says: 'an open link is for a file that is not there',
    find: `SELECT id, path FROM grants WHERE ${TO_NOTHING}`,
    repair: [
      `UPDATE grants SET revoked_at = CAST(? AS bigint), revoked_by = 'delete', state = 3 WHERE ${TO_NOTHING}`,
    ],
  },
  {
    kind: 'link-listed-wrong',
    says: 'a link stands in lists under another state than it has',
    find: `SELECT (SELECT id FROM grants WHERE grants.position = grant_index.position) AS id, 'state ' || CAST(state AS text) AS about
      FROM grant_index WHERE ${LISTED_WRONG}`,
    repair: async (session) => listAnew(session, LISTED_WRONG, 'grant_index'),
  },
  {
    kind: 'link-not-listed',
    says: 'a link stands in no list',
    find: `SELECT id, path FROM grants WHERE ${UNLISTED}`,
    repair: async (session) => listAnew(session, UNLISTED, 'grants'),
  },
  {
    kind: 'listed-stray',
    says: 'a list has a link that is not there',
    find: `SELECT CAST(position AS text), 'state ' || CAST(state AS text) AS about FROM grant_index
      WHERE NOT EXISTS (SELECT 1 FROM grants WHERE grants.position = grant_index.position)`,
    repair: [
      'DELETE FROM grant_index WHERE NOT EXISTS (SELECT 1 FROM grants WHERE grants.position = grant_index.position)',
    ],
  },
]

/** Takes the links that a table's rows are about out of every list, and puts each where it belongs. */
async function listAnew(
  session: RowSession,
  condition: string,
  table: 'grants' | 'grant_index',
): Promise<void> {
  const found = await session.ask(
    `SELECT position, path, created_by, state, CASE WHEN share IS NULL THEN 0 ELSE 1 END AS is_share FROM grants
     WHERE position IN (SELECT position FROM ${table} WHERE ${condition})`,
  )
  for (const [position = null, path, createdBy, state = null, isShare] of found) {
    const question = { createdBy: String(createdBy), isShare: isShare === 1 }
    const scopes = [...new Set(scopesOfGrant(String(path), question))]
    await session.run('DELETE FROM grant_index WHERE position = ?', [position])
    await session.insert(
      'grant_index',
      ['scope', 'state', 'position'],
      scopes.map((scope) => [scope, state, position]),
    )
  }
}
