/** Puts rows of files into a catalog in PostgreSQL by the million, as stored files leave them, without a call for each. */
import { createHash } from 'node:crypto'
import { Client } from 'pg'

export const BUCKET = 'acme'
/** So many files a folder. */
export const FOLDER = 1000
/** A prime above every count of rows: with it the rows come in an order that says nothing of the keys. */
const STEP = 2_147_483_647
const RANDOM_LETTERS = 22

export interface Filling {
  readonly url: string
  readonly rows: number
  /** The rows lie in no order of their keys, as where files come to all folders at once. */
  readonly isScattered: boolean
}

/** `0000000/report-000000042.pdf`: so much as a name in a folder usually takes. */
export function keyAt(index: number): string {
  const folder = Math.floor(index / FOLDER)
  return `${String(folder).padStart(7, '0')}/report-${String(index).padStart(9, '0')}.pdf`
}

/** As the server makes them: those of files that come one after the other lie next to each other. */
export function fileIdAt(nth: number): string {
  const random = createHash('md5').update(String(nth)).digest('hex').slice(0, RANDOM_LETTERS)
  return `file_${String(nth).padStart(8, '0')}${random}`
}

const KEY = `lpad((at / ${FOLDER})::text, 7, '0') || '/report-' || lpad(at::text, 9, '0') || '.pdf'`
const CONTENT_ID = `lpad(nth::text, 8, '0') || left(md5(nth::text), ${RANDOM_LETTERS})`
const FILE_ID = `'file_' || ${CONTENT_ID}`
const SHA256 = `encode(sha256(nth::text::bytea), 'base64')`

function filesOf({ rows, isScattered }: Filling): string {
  const at = isScattered ? `(nth * ${STEP}) % ${rows}` : 'nth'
  return `
    INSERT INTO files (bucket, key, id, version_id, size, etag, checksums, part_sizes, content_type,
      created_at, modified_at, content_id, content_kind)
    SELECT '${BUCKET}', ${KEY}, ${FILE_ID}, 'null', 100000, md5(nth::text), 'sha256=' || ${SHA256}, '', 'application/pdf',
      1700000000000 + nth, 1700000000000 + nth, ${CONTENT_ID}, 'blob'
    FROM (SELECT nth, ${at} AS at FROM generate_series(0::bigint, ${rows - 1}) AS nth) AS each`
}

function contentsOf({ rows }: Filling): string {
  return `
    INSERT INTO contents (id, kind, refs, size, sha256)
    SELECT ${CONTENT_ID}, 'blob', 1, 100000, ${SHA256} FROM generate_series(0::bigint, ${rows - 1}) AS nth`
}

/** Indexes that are made when all is there take minutes, not hours. */
const INDEXES = [
  [
    'ALTER TABLE files DROP CONSTRAINT files_pkey',
    'ALTER TABLE files ADD PRIMARY KEY (bucket, key)',
  ],
  ['DROP INDEX files_by_id', 'CREATE UNIQUE INDEX files_by_id ON files (id)'],
  [
    'ALTER TABLE contents DROP CONSTRAINT contents_id_key',
    'ALTER TABLE contents ADD CONSTRAINT contents_id_key UNIQUE (id)',
  ],
] as const

/** Into a catalog that has the bucket and no file. Quotas are not counted: the triggers that count them are left out. */
export async function fillRows(filling: Filling): Promise<void> {
  await inDatabase(filling.url, async (run) => {
    await run("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
    for (const [drop] of INDEXES) await run(drop)
    await run(filesOf(filling))
    await run(contentsOf(filling))
    for (const [, create] of INDEXES) await run(create)
    await run('VACUUM ANALYZE files, contents')
  })
}

export interface Relation {
  readonly name: string
  readonly bytes: number
}

/** What lies on the disk: tables, and each of their indexes. */
export async function readSizes(url: string): Promise<readonly Relation[]> {
  return inDatabase(url, async (run) => {
    const rows = await run(`
      SELECT relname AS name, pg_relation_size(pg_class.oid)::text AS bytes FROM pg_class
      WHERE relname IN ('files', 'contents') OR oid IN (
        SELECT indexrelid FROM pg_index WHERE indrelid IN ('files'::regclass, 'contents'::regclass))
      ORDER BY pg_relation_size(pg_class.oid) DESC`)
    return rows.map(({ name, bytes }) => ({ name: String(name), bytes: Number(bytes) }))
  })
}

type Run = (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

async function inDatabase<Result>(
  url: string,
  work: (run: Run) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(async (text) => (await client.query<Record<string, unknown>>(text)).rows)
  } finally {
    await client.end()
  }
}
