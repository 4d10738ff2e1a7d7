/** Lists names, versions and open uploads: ordered range reads for list-page.ts. */
import { sql } from 'kysely'
import type { Compilable } from 'kysely'
import type { FileCatalog, UploadCatalog } from '../catalog.ts'
import { listPage } from '../list-page.ts'
import type { Cursor } from '../list-page.ts'
import { files, uploads, versions } from '../tables/files.ts'
import { toFileRecord, toVersionRecord } from './file-rows.ts'
import type { FileStatements } from './file-statements.ts'
import type { StoredFile, StoredUpload, StoredVersion } from './schema.ts'
import type { Answer, SqlEngine, Statement } from './script.ts'
import { prepareSkimFolders } from './skim-folders.ts'

interface Range {
  bucket: string
  from: string
  limit: number
}

type ReadRange<Values, Row> = (values: Values, end: string | null) => Answer<Row[]>

/** Two statements of one kind: a range that ends before a key, and one that goes to the last. */
function prepareRange<Values extends object, Row>(
  { prepare }: SqlEngine,
  build: (values: Values, end: string | null) => Compilable<Row>,
): ReadRange<Values, Row> {
  const toLast = prepare((v: Values) => build(v, null))
  const toEnd: Statement<Values & { end: string }, Row> = prepare((v: Values & { end: string }) =>
    build(v, v.end),
  )
  return (values, end) => (end === null ? toLast.all(values) : toEnd.all({ ...values, end }))
}

export function createFileListings(
  engine: SqlEngine,
  at: FileStatements,
): Pick<FileCatalog, 'list' | 'listVersions'> {
  return { list: createFileListing(engine), listVersions: createVersionListing(engine, at) }
}

function createFileListing(engine: SqlEngine): FileCatalog['list'] {
  const { query, read } = engine
  const readFiles = prepareRange<Range, StoredFile>(engine, (v, end) =>
    query
      .selectFrom('files')
      .select(files.selection)
      .where('bucket', '=', v.bucket)
      .where('key', '>=', v.from)
      .$if(end !== null, (some) => some.where('key', '<', end ?? ''))
      .orderBy('key')
      .limit(v.limit),
  )
  const skimFolders = prepareSkimFolders(engine)
  return (asked) =>
    read(() =>
      listPage<StoredFile, ReturnType<typeof toFileRecord>, never>(
        { ...asked, afterPlace: null },
        {
          read: function* (from, end, limit) {
            return yield* readFiles({ bucket: asked.bucket, from: from.key, limit }, end)
          },
          skim: function* (from, end, limit) {
            const { bucket, prefix, delimiter } = asked
            const walk = { bucket, prefix, delimiter, from, end, limit }
            return (yield* skimFolders(walk)).map(({ key }) => key)
          },
          placeOf: () => null,
          toEntry: toFileRecord,
        },
      ),
    )
}

function createVersionListing(engine: SqlEngine, at: FileStatements): FileCatalog['listVersions'] {
  const readVersions = prepareVersionRange(engine)
  return (asked) =>
    engine.read(function* () {
      const { bucket, after, afterVersionId } = asked
      const afterPlace =
        afterVersionId === null ? null : yield* placeOf(at, { bucket, key: after }, afterVersionId)
      // The first row of a name is its latest version; that of a page need not be.
      let previousKey = afterPlace === null || afterPlace < CURRENT ? null : after
      const listing = yield* listPage(
        { ...asked, afterPlace },
        {
          read: function* (from: Cursor<number>, end, limit) {
            return yield* readVersions({ bucket, ...cursorValues(from), limit }, end)
          },
          placeOf: (row: StoredVersion) => row.position,
          toEntry: (row) => {
            const isLatest = row.key !== previousKey
            previousKey = row.key
            return toVersionRecord(row, isLatest)
          },
        },
      )
      const last = listing.nextAfter === null ? undefined : listing.entries.at(-1)
      const nextAfterVersionId = last?.kind === 'file' ? last.file.versionId : null
      return { ...listing, nextAfterVersionId }
    })
}

/** The current version's place among those of its name: before every other. */
const CURRENT = -(2 ** 52)

function* placeOf(
  at: FileStatements,
  path: { bucket: string; key: string },
  versionId: string,
): Generator<Promise<unknown>, number, unknown> {
  if ((yield* at.find.get(path))?.versionId === versionId) return CURRENT
  const row = yield* at.findVersion.get({ ...path, versionId })
  // Gone since: whoever deletes page by page goes on with all that is left of the name.
  return row?.position ?? CURRENT - 1
}

interface VersionRange extends Range {
  place: number
  /** Where files start: past the key if its current version was read. */
  fromFile: string
}

function cursorValues({ key, place }: Cursor<number>): Omit<VersionRange, 'bucket' | 'limit'> {
  const isPastCurrent = place !== null && place >= CURRENT
  return {
    from: key,
    fromFile: isPastCurrent ? `${key}\u0000` : key,
    place: place ?? CURRENT - 1,
  }
}

function prepareVersionRange(engine: SqlEngine): ReadRange<VersionRange, StoredVersion> {
  const { query } = engine
  return prepareRange<VersionRange, StoredVersion>(engine, (v, end) => {
    const current = query
      .selectFrom('files')
      .select(files.selection)
      .select(sql.lit(CURRENT).as('position'))
      .where('bucket', '=', v.bucket)
      .where('key', '>=', v.fromFile)
      .$if(end !== null, (some) => some.where('key', '<', end ?? ''))
    const behind = query
      .selectFrom('versions')
      .select(versions.selection)
      .where('bucket', '=', v.bucket)
      .where((row) => row(row.refTuple('key', 'position'), '>', row.tuple(v.from, v.place)))
      .$if(end !== null, (some) => some.where('key', '<', end ?? ''))
    return current.unionAll(behind).orderBy('key').orderBy('position').limit(v.limit)
  })
}

interface UploadRange extends Range {
  afterId: string
}

export function createUploadListing(engine: SqlEngine): Pick<UploadCatalog, 'list'> {
  const { query, read } = engine
  const readUploads = prepareRange<UploadRange, StoredUpload>(engine, (v, end) =>
    query
      .selectFrom('uploads')
      .select(uploads.selection)
      .where('bucket', '=', v.bucket)
      .where((row) => row(row.refTuple('key', 'id'), '>', row.tuple(v.from, v.afterId)))
      .$if(end !== null, (some) => some.where('key', '<', end ?? ''))
      .orderBy('key')
      .orderBy('id')
      .limit(v.limit),
  )
  return {
    list: ({ afterUploadId, ...asked }) =>
      read(() =>
        listPage(
          { ...asked, afterPlace: afterUploadId === '' ? null : afterUploadId },
          {
            read: function* ({ key: from, place }: Cursor<string>, end, limit) {
              const values = { bucket: asked.bucket, from, afterId: place ?? '', limit }
              return yield* readUploads(values, end)
            },
            placeOf: (row: StoredUpload) => row.id,
            toEntry: (row) => uploads.toRecord(row),
          },
        ),
      ),
  }
}
