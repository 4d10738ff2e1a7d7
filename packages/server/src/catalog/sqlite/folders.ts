/** Folder records: the few prefixes that somebody gave a visibility or a policy. */
import type { FolderCatalog } from '../catalog.ts'
import { compareKeys, justAfter, prefixEnd } from '../key-order.ts'
import type { FolderPolicy, FolderRecord, Visibility } from '../records.ts'
import { read } from './connection.ts'
import type { Connection } from './connection.ts'
import type { BucketTable, FolderTable } from './schema.ts'
import { prepare, query } from './statement.ts'

interface Path {
  path: string
}

export function createFolderCatalog({ db, commit, lookUp }: Connection): FolderCatalog {
  const folders = query.selectFrom('folders').selectAll()
  const find = prepare(db, (v: Path) => folders.where('path', '=', v.path))
  const range = prepare(db, (v: { from: string; end: string; limit: number }) =>
    folders.where('path', '>=', v.from).where('path', '<', v.end).orderBy('path').limit(v.limit),
  )
  const rangeToLast = prepare(db, (v: { from: string; limit: number }) =>
    folders.where('path', '>=', v.from).orderBy('path').limit(v.limit),
  )
  const bucket = prepare(db, (v: Pick<BucketTable, 'name'>) =>
    query.selectFrom('buckets').select('name').where('name', '=', v.name),
  )
  const put = prepare(db, (v: FolderTable) =>
    query
      .insertInto('folders')
      .values({ path: v.path, bucket: v.bucket, ...changeable(v) })
      .onConflict((conflict) => conflict.column('path').doUpdateSet(changeable(v))),
  )
  const remove = prepare(db, (v: Path) => query.deleteFrom('folders').where('path', '=', v.path))

  return {
    find: (path) => lookUp.read(() => toRecordOrNull(find.get({ path }))),
    findMany: (paths) =>
      lookUp.read(() =>
        paths
          .flatMap((path) => find.get({ path }) ?? [])
          .map(toRecord)
          .toSorted((a, b) => b.path.length - a.path.length),
      ),
    list: (pathPrefix, after, limit) =>
      read(() => {
        const from = startOf(pathPrefix, after)
        const end = prefixEnd(pathPrefix)
        const rows =
          end === null ? rangeToLast.all({ from, limit }) : range.all({ from, end, limit })
        return rows.map(toRecord)
      }),
    put: (folder) =>
      commit.write(() => {
        const row = toRow(folder)
        if (bucket.get({ name: row.bucket }) === undefined) return false
        return put.run(row) === 1
      }),
    remove: (path) => commit.write(() => remove.run({ path }) === 1),
  }
}

function startOf(pathPrefix: string, after: string): string {
  return after === '' || compareKeys(after, pathPrefix) < 0 ? pathPrefix : justAfter(after)
}

function changeable(v: FolderTable): Pick<FolderTable, 'visibility' | 'policy' | 'updated_at'> {
  return { visibility: v.visibility, policy: v.policy, updated_at: v.updated_at }
}

function toRow(folder: FolderRecord): FolderTable {
  return {
    path: folder.path,
    bucket: folder.path.slice(0, folder.path.indexOf('/')),
    visibility: folder.visibility,
    policy: JSON.stringify(folder.policy),
    updated_at: folder.updatedAt,
  }
}

function toRecord(row: FolderTable): FolderRecord {
  return {
    path: row.path,
    visibility: row.visibility as Visibility | null,
    policy: JSON.parse(row.policy) as FolderPolicy,
    updatedAt: row.updated_at,
  }
}

function toRecordOrNull(row: FolderTable | undefined): FolderRecord | null {
  return row === undefined ? null : toRecord(row)
}
