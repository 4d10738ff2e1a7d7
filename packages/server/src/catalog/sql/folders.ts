/** Folder records: the few prefixes that somebody gave a visibility or a policy. */
import type { FolderCatalog } from '../catalog.ts'
import { compareKeys, justAfter, prefixEnd } from '../key-order.ts'
import { folders } from '../tables/folders.ts'
import type { EpochScripts } from './epoch.ts'
import type { StoredFolder } from './schema.ts'
import type { SqlEngine } from './script.ts'

interface Path {
  path: string
}

export function createFolderCatalog(engine: SqlEngine, epoch: EpochScripts): FolderCatalog {
  const { query, prepare, write, read, lookUp } = engine
  const all = query.selectFrom('folders').select(folders.selection)
  const find = prepare((v: Path) => all.where('path', '=', v.path))
  const range = prepare((v: { from: string; end: string; limit: number }) =>
    all.where('path', '>=', v.from).where('path', '<', v.end).orderBy('path').limit(v.limit),
  )
  const rangeToLast = prepare((v: { from: string; limit: number }) =>
    all.where('path', '>=', v.from).orderBy('path').limit(v.limit),
  )
  const bucket = prepare((v: { name: string }) =>
    query.selectFrom('buckets').select('name').where('name', '=', v.name),
  )
  const put = prepare((v: StoredFolder & { bucket: string }) =>
    query
      .insertInto('folders')
      .values({ ...folders.every(v), bucket: v.bucket })
      .onConflict((conflict) => conflict.column('path').doUpdateSet(folders.except(v, 'path'))),
  )
  const remove = prepare((v: Path) => query.deleteFrom('folders').where('path', '=', v.path))

  return {
    find: (path) => lookUp(find, { path }, (row) => folders.toRecord(row)),
    findMany: (paths) =>
      read(function* () {
        const rows: StoredFolder[] = []
        for (const path of paths.toSorted((a, b) => b.length - a.length)) {
          const row = yield* find.get({ path })
          if (row !== undefined) rows.push(row)
        }
        return rows.map((row) => folders.toRecord(row))
      }),
    list: (pathPrefix, after, limit) =>
      read(function* () {
        const from = startOf(pathPrefix, after)
        const end = prefixEnd(pathPrefix)
        const rows =
          end === null
            ? yield* rangeToLast.all({ from, limit })
            : yield* range.all({ from, end, limit })
        return rows.map((row) => folders.toRecord(row))
      }),
    put: (folder) =>
      write(
        function* () {
          const name = folder.path.slice(0, folder.path.indexOf('/'))
          if ((yield* bucket.get({ name })) === undefined) return false
          yield* put.run({ ...folders.toStored(folder), bucket: name })
          yield* epoch.advance()
          return true
        },
        { isUrgent: true },
      ),
    remove: (path) =>
      write(function* () {
        if ((yield* remove.run({ path })) === 0) return false
        yield* epoch.advance()
        return true
      }),
  }
}

function startOf(pathPrefix: string, after: string): string {
  return after === '' || compareKeys(after, pathPrefix) < 0 ? pathPrefix : justAfter(after)
}
