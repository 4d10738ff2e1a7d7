/** Folder records: the few prefixes that somebody gave a visibility or a policy. */
import type { Because, ChangeRights, FolderCatalog } from '../catalog.ts'
import { compareKeys, justAfter, prefixEnd } from '../key-order.ts'
import type { FolderChangeRecord, FolderRecord } from '../records.ts'
import { folderChanges, folders } from '../tables/folders.ts'
import type { EpochScripts } from './epoch.ts'
import type { EventScripts } from './events.ts'
import type { QuotaScripts } from './quotas.ts'
import type { StoredFolder, StoredFolderChange } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

interface Path {
  path: string
}

export interface FolderParts {
  readonly folders: FolderStatements
  readonly quotas: QuotaScripts
  readonly epoch: EpochScripts
  readonly trail: EventScripts
}

export function createFolderCatalog(
  { write, read, lookUp }: SqlEngine,
  parts: FolderParts,
): FolderCatalog {
  const { folders: at, epoch } = parts
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
    put: (folder, because, rights) =>
      write(
        function* () {
          if (!(yield* epoch.allows(rights))) return 'epoch-changed'
          const bucket = bucketOf(folder.path)
          if (bucket !== null && (yield* at.bucket.get({ name: bucket })) === undefined)
            return false
          yield* putFolder(parts, folder, { because, rights })
          yield* epoch.advance()
          return true
        },
        { isUrgent: true },
      ),
    remove: (path, because, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        if (!(yield* removeFolder(parts, path, { because, rights }))) return false
        yield* epoch.advance()
        return true
      }),
    usage: (path) => read(() => parts.quotas.usage({ path })),
    changes: (path, before, limit) =>
      read(function* () {
        const end = before ?? Number.MAX_SAFE_INTEGER
        const rows = yield* at.changes.all({ path, before: end, limit })
        return rows.map((row) => folderChanges.toRecord(row))
      }),
  }
}

/** Why a folder changes, and by whose right. */
export interface FolderCause {
  readonly because: Because
  readonly rights: ChangeRights | null
}

type Changing = Pick<FolderParts, 'folders' | 'quotas' | 'trail'>

/** Of a bucket that is there. */
export function* putFolder(
  { folders: at, quotas, trail }: Changing,
  folder: FolderRecord,
  { because, rights }: FolderCause,
): Script<void> {
  const { path, visibility, policy } = folder
  yield* at.put.run({ ...folders.toStored(folder), bucket: bucketOf(folder.path) })
  yield* quotas.follow(path, policy)
  yield* record(at, { ...folder, isRemoval: false }, because)
  const { reason } = because
  const detail = { visibility, policy, ...(reason !== null && { reason }) }
  yield* trail.record(rights?.by, { kind: 'folder.changed', path, detail })
}

/** False if there is no record. */
export function* removeFolder(
  { folders: at, quotas, trail }: Changing,
  path: string,
  { because, rights }: FolderCause,
): Script<boolean> {
  if ((yield* at.remove.run({ path })) === 0) return false
  yield* quotas.follow(path, {})
  yield* record(at, { path, visibility: null, policy: {}, isRemoval: true }, because)
  const { reason } = because
  const detail = reason === null ? {} : { reason }
  yield* trail.record(rights?.by, { kind: 'folder.removed', path, detail })
  return true
}

/** Of each folder the last thousand are kept. */
const MAX_CHANGES = 1000

function* record(
  at: FolderStatements,
  change: Pick<FolderChangeRecord, 'path' | 'visibility' | 'policy' | 'isRemoval'>,
  because: Because,
): Script<void> {
  const { path, visibility, policy, isRemoval } = change
  const before = Number.MAX_SAFE_INTEGER
  const newest = yield* at.changes.get({ path, before, limit: 1 })
  const version = (newest?.version ?? 0) + 1
  const record = { path, version, visibility, policy, isRemoval, ...because }
  yield* at.insertChange.run(folderChanges.toStored(record))
  yield* at.forgetChanges.run({ path, upTo: version - MAX_CHANGES })
}

/** `null` for the instance. */
function bucketOf(path: string): string | null {
  return path === '' ? null : path.slice(0, path.indexOf('/'))
}

export interface FolderStatements {
  readonly find: Statement<Path, StoredFolder>
  readonly range: Statement<{ from: string; end: string; limit: number }, StoredFolder>
  /** Where no path lies behind the range. */
  readonly rangeToLast: Statement<{ from: string; limit: number }, StoredFolder>
  readonly bucket: Statement<{ name: string }, { name: string }>
  readonly put: Statement<StoredFolder & { bucket: string | null }, unknown>
  readonly remove: Statement<Path, unknown>
  readonly changes: Statement<Path & { before: number; limit: number }, StoredFolderChange>
  readonly insertChange: Statement<StoredFolderChange, unknown>
  readonly forgetChanges: Statement<Path & { upTo: number }, unknown>
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
    put: prepare((v: StoredFolder & { bucket: string | null }) =>
      query
        .insertInto('folders')
        .values({ ...folders.every(v), bucket: v.bucket })
        .onConflict((conflict) => conflict.column('path').doUpdateSet(folders.except(v, 'path'))),
    ),
    remove: prepare((v: Path) => query.deleteFrom('folders').where('path', '=', v.path)),
    changes: prepare((v: Path & { before: number; limit: number }) =>
      query
        .selectFrom('folder_changes')
        .select(folderChanges.selection)
        .where('path', '=', v.path)
        .where('version', '<', v.before)
        .orderBy('version', 'desc')
        .limit(v.limit),
    ),
    insertChange: prepare((v: StoredFolderChange) =>
      query.insertInto('folder_changes').values(folderChanges.every(v)),
    ),
    forgetChanges: prepare((v: Path & { upTo: number }) =>
      query.deleteFrom('folder_changes').where('path', '=', v.path).where('version', '<=', v.upTo),
    ),
  }
}

/** The instance's own record is in no list. */
function startOf(pathPrefix: string, after: string): string {
  if (pathPrefix === '' && after === '') return justAfter('')
  return after === '' || compareKeys(after, pathPrefix) < 0 ? pathPrefix : justAfter(after)
}
