/** Buckets. What changes of one, and that it goes with what was special about it, other processes learn by the epoch. */
import { sql } from 'kysely'
import type { BucketCatalog, BucketChange, ChangeRights } from '../catalog.ts'
import { prefixEnd } from '../key-order.ts'
import { decideVersioning } from '../decisions/decide-succession.ts'
import type { BucketRecord } from '../records.ts'
import { buckets } from '../tables/buckets.ts'
import { putFolder, removeFolder } from './folders.ts'
import type { FolderParts } from './folders.ts'
import type { StoredBucket } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

interface Named {
  name: string
}

export function createBucketCatalog(engine: SqlEngine, parts: FolderParts): BucketCatalog {
  const { epoch, trail } = parts
  const { write, read, lookUp } = engine
  const at = prepareBucketStatements(engine)
  return {
    find: (name) => lookUp(at.find, { name }, (row) => buckets.toRecord(row)),
    list: () =>
      read(function* () {
        return (yield* at.list.all({})).map((row) => buckets.toRecord(row))
      }),
    create: (bucket, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        if ((yield* at.create.run(buckets.toStored(bucket))) === 0) return false
        yield* trail.record(rights?.by, { kind: 'bucket.created', path: `${bucket.name}/` })
        return true
      }),
    update: (name, change, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        const row = yield* at.find.get({ name })
        if (row === undefined) return false
        const bucket = buckets.toRecord(row)
        const asked = change.versioning ?? bucket.versioning
        const versioning = decideVersioning(bucket.versioning, asked)
        const settings = mergeSettings(bucket.settings, change.settings ?? {})
        yield* at.update.run(buckets.toStored({ ...bucket, settings, versioning }))
        const detail = { versioning, settings: Object.keys(change.settings ?? {}) }
        yield* trail.record(rights?.by, { kind: 'bucket.changed', path: `${name}/`, detail })
        yield* changeFolders(parts, change.folders, rights)
        yield* epoch.advance()
        return true
      }),
    remove: (name, rights) =>
      write(
        function* () {
          if (!(yield* epoch.allows(rights))) return 'epoch-changed'
          for (const anything of at.held) {
            if ((yield* anything.get({ name })) !== undefined) return 'not-empty'
          }
          if ((yield* at.uploads.get({ name })) !== undefined) return 'has-uploads'
          const row = yield* at.find.get({ name })
          const removed = yield* at.removeFolders.run({ name })
          yield* at.forgetChanges.run({ from: `${name}/`, end: prefixEnd(`${name}/`) ?? '' })
          const unmounted = yield* at.unmount.run({ name })
          if (removed > 0 || unmounted > 0 || isSpecial(row)) yield* epoch.advance()
          if ((yield* at.remove.run({ name })) === 0) return 'missing'
          yield* trail.record(rights?.by, { kind: 'bucket.removed', path: `${name}/` })
          return 'removed'
        },
        { isUrgent: true },
      ),
  }
}

function* changeFolders(
  parts: FolderParts,
  changes: BucketChange['folders'],
  rights: ChangeRights | null,
): Script<void> {
  if (changes === undefined) return
  const { put, remove, because } = changes
  const cause = { because, rights }
  for (const path of remove) yield* removeFolder(parts, path, cause)
  for (const folder of put) yield* putFolder(parts, folder, cause)
}

interface BucketStatements {
  readonly find: Statement<Named, StoredBucket>
  readonly list: Statement<object, StoredBucket>
  readonly create: Statement<StoredBucket, unknown>
  readonly update: Statement<StoredBucket, unknown>
  /** One each for what a bucket may hold. */
  readonly held: readonly Statement<Named, { found: number }>[]
  readonly uploads: Statement<Named, { found: number }>
  readonly removeFolders: Statement<Named, unknown>
  readonly forgetChanges: Statement<{ from: string; end: string }, unknown>
  readonly unmount: Statement<Named, unknown>
  readonly remove: Statement<Named, unknown>
}

function prepareBucketStatements({ query, prepare }: SqlEngine): BucketStatements {
  const all = query.selectFrom('buckets').select(buckets.selection)
  const anyOf = (table: 'files' | 'versions' | 'uploads') =>
    prepare((v: Named) =>
      query
        .selectFrom(table)
        .select(sql<number>`1`.as('found'))
        .where('bucket', '=', v.name)
        .limit(sql.lit(1)),
    )
  const waiting = prepare((v: Named) =>
    query
      .selectFrom('held_files')
      .select(sql<number>`1`.as('found'))
      .where('bucket', '=', v.name)
      .where('state', '=', sql.lit('waiting'))
      .limit(sql.lit(1)),
  )
  return {
    find: prepare((v: Named) => all.where('name', '=', v.name)),
    list: prepare(() => all.orderBy('name')),
    create: prepare((v: StoredBucket) =>
      query
        .insertInto('buckets')
        .values(buckets.every(v))
        .onConflict((conflict) => conflict.column('name').doNothing()),
    ),
    update: prepare((v: StoredBucket) =>
      query.updateTable('buckets').set(buckets.except(v, 'name')).where('name', '=', v.name),
    ),
    held: [anyOf('files'), anyOf('versions'), waiting],
    uploads: anyOf('uploads'),
    removeFolders: prepare((v: Named) => query.deleteFrom('folders').where('bucket', '=', v.name)),
    forgetChanges: prepare((v: { from: string; end: string }) =>
      query.deleteFrom('folder_changes').where('path', '>=', v.from).where('path', '<', v.end),
    ),
    unmount: prepare((v: Named) => query.deleteFrom('mounts').where('bucket', '=', v.name)),
    remove: prepare((v: Named) => query.deleteFrom('buckets').where('name', '=', v.name)),
  }
}

function mergeSettings(
  standing: BucketRecord['settings'],
  change: BucketRecord['settings'],
): BucketRecord['settings'] {
  const merged = Object.entries({ ...standing, ...change })
  return Object.fromEntries(merged.filter(([, value]) => value !== null))
}

/** Somebody may remember more of it than its name. */
function isSpecial(row: StoredBucket | undefined): boolean {
  return row !== undefined && (row.versioning !== 'off' || row.settings !== '{}')
}
