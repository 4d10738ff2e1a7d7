/** Folder records: the few prefixes that somebody gave a visibility or a policy. */
import type { FolderCatalog } from '../catalog.ts'
import { compareKeys, justAfter, prefixEnd } from '../key-order.ts'
import type { FolderRecord } from '../records.ts'
import { folders } from '../tables/folders.ts'
import type { EpochScripts } from './epoch.ts'
import type { ChangeNote, EventScripts } from './events.ts'
import type { StoredFolder } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

interface Path {
  path: string
}

export interface FolderParts {
  readonly folders: FolderStatements
  readonly epoch: EpochScripts
  readonly trail: EventScripts
}

export function createFolderCatalog(
  { write, read, lookUp }: SqlEngine,
  { folders: at, epoch, trail }: FolderParts,
): FolderCatalog {
  return {
    find: (path) => lookUp(at.find, { path }, (row) => folders.toRecord(row)),
    findMany: (paths) =>
      read(function* () {
        const rows: StoredFolder[] = []
        for (const path of paths.toSorted((a, b) => b.length - a.length)) {
          const row = yield* at.find.get({ path })
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
            ? yield* at.rangeToLast.all({ from, limit })
            : yield* at.range.all({ from, end, limit })
        return rows.map((row) => folders.toRecord(row))
      }),
    put: (folder, rights) =>
      write(
        function* () {
          if (!(yield* epoch.allows(rights))) return 'epoch-changed'
          const name = folder.path.slice(0, folder.path.indexOf('/'))
          if ((yield* at.bucket.get({ name })) === undefined) return false
          yield* at.put.run({ ...folders.toStored(folder), bucket: name })
          yield* epoch.advance()
          yield* trail.record(rights?.by, folderChanged(folder))
          return true
        },
        { isUrgent: true },
      ),
    remove: (path, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        if ((yield* at.remove.run({ path })) === 0) return false
        yield* epoch.advance()
        yield* trail.record(rights?.by, { kind: 'folder.removed', path })
        return true
      }),
  }
}

/** What the trail says of settings that were made. */
export function folderChanged({ path, visibility, policy }: FolderRecord): ChangeNote {
  return { kind: 'folder.changed', path, detail: { visibility, policy } }
}

export interface FolderStatements {
  readonly find: Statement<Path, StoredFolder>
  readonly range: Statement<{ from: string; end: string; limit: number }, StoredFolder>
  /** Where no path lies behind the range. */
  readonly rangeToLast: Statement<{ from: string; limit: number }, StoredFolder>
  readonly bucket: Statement<{ name: string }, { name: string }>
  readonly put: Statement<StoredFolder & { bucket: string }, unknown>
  readonly remove: Statement<Path, unknown>
}

export function prepareFolderStatements({ query, prepare }: SqlEngine): FolderStatements {
  const all = query.selectFrom('folders').select(folders.selection)
  return {
    find: prepare((v: Path) => all.where('path', '=', v.path)),
    range: prepare((v: { from: string; end: string; limit: number }) =>
      all.where('path', '>=', v.from).where('path', '<', v.end).orderBy('path').limit(v.limit),
    ),
    rangeToLast: prepare((v: { from: string; limit: number }) =>
      all.where('path', '>=', v.from).orderBy('path').limit(v.limit),
    ),
    bucket: prepare((v: { name: string }) =>
      query.selectFrom('buckets').select('name').where('name', '=', v.name),
    ),
    put: prepare((v: StoredFolder & { bucket: string }) =>
      query
        .insertInto('folders')
        .values({ ...folders.every(v), bucket: v.bucket })
        .onConflict((conflict) => conflict.column('path').doUpdateSet(folders.except(v, 'path'))),
    ),
    remove: prepare((v: Path) => query.deleteFrom('folders').where('path', '=', v.path)),
  }
}

function startOf(pathPrefix: string, after: string): string {
  return after === '' || compareKeys(after, pathPrefix) < 0 ? pathPrefix : justAfter(after)
}
