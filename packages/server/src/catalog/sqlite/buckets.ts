/** Buckets. Removing one takes its folder records along, by the schema's own rule. */
import { sql } from 'kysely'
import type { BucketCatalog } from '../catalog.ts'
import type { BucketRecord } from '../records.ts'
import { read } from './connection.ts'
import type { Connection } from './connection.ts'
import type { BucketTable } from './schema.ts'
import { prepare, query } from './statement.ts'

interface Named {
  name: string
}

export function createBucketCatalog({ db, commit, lookUp }: Connection): BucketCatalog {
  const find = prepare(db, (v: Named) =>
    query.selectFrom('buckets').selectAll().where('name', '=', v.name),
  )
  const list = prepare(db, () => query.selectFrom('buckets').selectAll().orderBy('name'))
  const create = prepare(db, (v: BucketTable) =>
    query
      .insertInto('buckets')
      .values({ name: v.name, created_at: v.created_at })
      .onConflict((conflict) => conflict.doNothing()),
  )
  const anyFile = prepare(db, (v: Named) =>
    query
      .selectFrom('files')
      .select(sql<number>`1`.as('found'))
      .where('bucket', '=', v.name)
      .limit(1),
  )
  const remove = prepare(db, (v: Named) => query.deleteFrom('buckets').where('name', '=', v.name))
  return {
    find: (name) => lookUp.read(() => toRecordOrNull(find.get({ name }))),
    list: () => read(() => list.all({}).map(toRecord)),
    create: (bucket) =>
      commit.write(() => create.run({ name: bucket.name, created_at: bucket.createdAt }) === 1),
    remove: (name) =>
      commit.write(() => {
        if (anyFile.get({ name }) !== undefined) return 'not-empty'
        return remove.run({ name }) === 0 ? 'missing' : 'removed'
      }),
  }
}

function toRecord(row: BucketTable): BucketRecord {
  return { name: row.name, createdAt: row.created_at }
}

function toRecordOrNull(row: BucketTable | undefined): BucketRecord | null {
  return row === undefined ? null : toRecord(row)
}
