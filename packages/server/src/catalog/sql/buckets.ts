/** Buckets. What changes of one, and that it goes with what was special about it, other processes learn by the epoch. */
import { sql } from 'kysely'
import type { BucketCatalog } from '../catalog.ts'
import { decideVersioning } from '../decisions/decide-succession.ts'
import type { BucketRecord } from '../records.ts'
import { buckets } from '../tables/buckets.ts'
import type { EpochScripts } from './epoch.ts'
import type { StoredBucket } from './schema.ts'
import type { SqlEngine } from './script.ts'

interface Named {
  name: string
}

function prepareStatements({ query, prepare }: SqlEngine) {
  const all = query.selectFrom('buckets').select(buckets.selection)
  const find = prepare((v: Named) => all.where('name', '=', v.name))
  const list = prepare(() => all.orderBy('name'))
  const create = prepare((v: StoredBucket) =>
    query
      .insertInto('buckets')
      .values(buckets.every(v))
      .onConflict((conflict) => conflict.column('name').doNothing()),
  )
  const update = prepare((v: StoredBucket) =>
    query
      .updateTable('buckets')
      .set({ versioning: v.versioning, settings: v.settings })
      .where('name', '=', v.name),
  )
  const held = (['files', 'versions', 'uploads'] as const).map((table) =>
    prepare((v: Named) =>
      query
        .selectFrom(table)
        .select(sql<number>`1`.as('found'))
        .where('bucket', '=', v.name)
        .limit(sql.lit(1)),
    ),
  )
  const removeFolders = prepare((v: Named) =>
    query.deleteFrom('folders').where('bucket', '=', v.name),
  )
  const remove = prepare((v: Named) => query.deleteFrom('buckets').where('name', '=', v.name))
  return { find, list, create, update, held, removeFolders, remove }
}

export function createBucketCatalog(engine: SqlEngine, epoch: EpochScripts): BucketCatalog {
  const { write, read, lookUp } = engine
  const { find, list, create, update, held, removeFolders, remove } = prepareStatements(engine)
  return {
    find: (name) => lookUp(find, { name }, (row) => buckets.toRecord(row)),
    list: () =>
      read(function* () {
        return (yield* list.all({})).map((row) => buckets.toRecord(row))
      }),
    create: (bucket) =>
      write(function* () {
        return (yield* create.run(buckets.toStored(bucket))) === 1
      }),
    update: (name, change) =>
      write(function* () {
        const row = yield* find.get({ name })
        if (row === undefined) return false
        const bucket = buckets.toRecord(row)
        const versioning = decideVersioning(
          bucket.versioning,
          change.versioning ?? bucket.versioning,
        )
        const settings = mergeSettings(bucket.settings, change.settings ?? {})
        yield* update.run(buckets.toStored({ ...bucket, settings, versioning }))
        yield* epoch.advance()
        return true
      }),
    remove: (name) =>
      write(
        function* () {
          for (const anything of held) {
            if ((yield* anything.get({ name })) !== undefined) return 'not-empty'
          }
          const row = yield* find.get({ name })
          const folders = yield* removeFolders.run({ name })
          if (folders > 0 || isSpecial(row)) yield* epoch.advance()
          return (yield* remove.run({ name })) === 0 ? 'missing' : 'removed'
        },
        { isUrgent: true },
      ),
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
