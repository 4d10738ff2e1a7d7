/** Every statement about names and their versions. */
import { sql } from 'kysely'
import type { FilePath } from '../file-steps.ts'
import { files, versions } from '../tables/files.ts'
import type { StoredFile, StoredVersion } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

interface Named extends FilePath {
  readonly versionId: string
}

interface Tagged extends Named {
  readonly tags: string | null
}

/** What a write needs to know besides the file. */
export interface Guard {
  epoch: number | null
  versioning: string | null
  /** Its name, if it lies in a store of somebody else: no row says what it holds. */
  mounted: string | null
  /** 1 if a file waits under the name. */
  waiting: number | null
}

export interface FileStatements extends CurrentStatements, VersionStatements {
  /** Whether or not there is such a bucket. */
  readonly guard: Statement<FilePath, Guard>
}

export function prepareFileStatements(engine: SqlEngine): FileStatements {
  const { query, prepare } = engine
  return {
    guard: prepare((v: FilePath) =>
      query.selectNoFrom((row) => [
        row.selectFrom('key_epoch').select('value').as('epoch'),
        row
          .selectFrom('buckets')
          .select('versioning')
          .where('name', '=', v.bucket)
          .as('versioning'),
        row.selectFrom('mounts').select('bucket').where('bucket', '=', v.bucket).as('mounted'),
        row
          .selectFrom('held_files')
          .select(sql.lit(1).as('one'))
          .where('bucket', '=', v.bucket)
          .where('key', '=', v.key)
          .where('state', '=', sql.lit('waiting'))
          .limit(sql.lit(1))
          .as('waiting'),
      ]),
    ),
    ...prepareCurrent(engine),
    ...prepareVersions(engine),
  }
}

interface CurrentStatements {
  readonly find: Statement<FilePath, StoredFile>
  readonly findById: Statement<{ id: string }, StoredFile>
  readonly insert: Statement<StoredFile, unknown>
  /** Everything but the name, the id and the time of creation. */
  readonly replace: Statement<StoredFile, unknown>
  readonly touch: Statement<FilePath & { nowMs: number }, unknown>
  readonly tag: Statement<Tagged, unknown>
  readonly remove: Statement<FilePath, unknown>
}

function prepareCurrent({ query, prepare }: SqlEngine): CurrentStatements {
  const current = query.selectFrom('files').select(files.selection)
  return {
    find: prepare((v: FilePath) => current.where('bucket', '=', v.bucket).where('key', '=', v.key)),
    findById: prepare((v: { id: string }) => current.where('id', '=', v.id)),
    insert: prepare((v: StoredFile) => query.insertInto('files').values(files.every(v))),
    replace: prepare((v: StoredFile) =>
      query
        .updateTable('files')
        .set(files.except(v, 'bucket', 'key', 'id', 'createdAt'))
        .where('bucket', '=', v.bucket)
        .where('key', '=', v.key),
    ),
    touch: prepare((v: FilePath & { nowMs: number }) =>
      query
        .updateTable('files')
        .set({ modified_at: v.nowMs })
        .where('bucket', '=', v.bucket)
        .where('key', '=', v.key),
    ),
    tag: prepare((v: Tagged) =>
      query
        .updateTable('files')
        .set({ tags: v.tags })
        .where('bucket', '=', v.bucket)
        .where('key', '=', v.key)
        .where('version_id', '=', v.versionId),
    ),
    remove: prepare((v: FilePath) =>
      query.deleteFrom('files').where('bucket', '=', v.bucket).where('key', '=', v.key),
    ),
  }
}

interface VersionStatements {
  /** Moves the current version behind, as the newest there. */
  readonly keep: Statement<FilePath, unknown>
  readonly newestVersion: Statement<FilePath, StoredVersion>
  readonly findVersion: Statement<Named, StoredVersion>
  /** The newest of a file's, wherever it was deleted. */
  readonly findMarkerById: Statement<{ id: string }, FilePath>
  readonly tagVersion: Statement<Tagged, unknown>
  readonly removeVersion: Statement<Named, StoredVersion>
  readonly insertVersion: Statement<StoredVersion, unknown>
}

function prepareVersions({ query, prepare }: SqlEngine): VersionStatements {
  const behind = (v: FilePath) =>
    query
      .selectFrom('versions')
      .select(versions.selection)
      .where('bucket', '=', v.bucket)
      .where('key', '=', v.key)
  return {
    keep: prepare((v: FilePath) =>
      query
        .insertInto('versions')
        .columns([...files.columnNames, 'position'])
        .expression(
          query
            .selectFrom('files')
            .select(files.selection)
            .select(nextPosition(query, v).as('position'))
            .where('bucket', '=', v.bucket)
            .where('key', '=', v.key),
        ),
    ),
    newestVersion: prepare((v: FilePath) => behind(v).orderBy('position').limit(sql.lit(1))),
    findVersion: prepare((v: Named) => behind(v).where('version_id', '=', v.versionId)),
    findMarkerById: prepare((v: { id: string }) =>
      query
        .selectFrom('versions')
        .select(['bucket', 'key'])
        .where('id', '=', v.id)
        // The words of the index: it holds nothing but delete markers.
        .where('content_kind', '=', sql.lit('delete-marker'))
        .orderBy('modified_at', 'desc')
        .orderBy('position')
        .limit(sql.lit(1)),
    ),
    tagVersion: prepare((v: Tagged) =>
      query
        .updateTable('versions')
        .set({ tags: v.tags })
        .where('bucket', '=', v.bucket)
        .where('key', '=', v.key)
        .where('version_id', '=', v.versionId),
    ),
    removeVersion: prepare((v: Named) =>
      query
        .deleteFrom('versions')
        .where('bucket', '=', v.bucket)
        .where('key', '=', v.key)
        .where('version_id', '=', v.versionId)
        .returning(versions.selection),
    ),
    insertVersion: prepare((v: StoredVersion) =>
      query
        .insertInto('versions')
        .values({ ...versions.every(v), position: nextPosition(query, v) }),
    ),
  }
}

/** Before every version that lies behind the name. */
function nextPosition(query: SqlEngine['query'], path: FilePath) {
  return query
    .selectFrom('versions')
    .select(({ fn }) => sql<number>`coalesce(${fn.min('position')}, 0) - 1`.as('next'))
    .where('bucket', '=', path.bucket)
    .where('key', '=', path.key)
}
