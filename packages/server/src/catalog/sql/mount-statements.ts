/** Every statement about mounts and the uploads of their stores. */
import { buckets } from '../tables/buckets.ts'
import { mounts, storeUploads } from '../tables/mounts.ts'
import type { StoredBucket, StoredMount, StoredStoreUpload } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

interface Of {
  bucket: string
}

interface Id {
  id: string
}

export interface MountStatements {
  readonly find: Statement<Of, StoredMount>
  readonly list: Statement<object, StoredMount>
  readonly createBucket: Statement<StoredBucket, unknown>
  readonly insert: Statement<StoredMount, unknown>
  readonly update: Statement<StoredMount, unknown>
  readonly findUpload: Statement<Id, StoredStoreUpload>
  readonly bindUpload: Statement<StoredStoreUpload, unknown>
}

export function prepareMountStatements({ query, prepare }: SqlEngine): MountStatements {
  const every = query.selectFrom('mounts').select(mounts.selection)
  return {
    find: prepare((v: Of) => every.where('bucket', '=', v.bucket)),
    list: prepare(() => every.orderBy('bucket')),
    createBucket: prepare((v: StoredBucket) =>
      query
        .insertInto('buckets')
        .values(buckets.every(v))
        .onConflict((conflict) => conflict.column('name').doNothing()),
    ),
    insert: prepare((v: StoredMount) => query.insertInto('mounts').values(mounts.every(v))),
    update: prepare((v: StoredMount) =>
      query.updateTable('mounts').set(mounts.except(v, 'bucket')).where('bucket', '=', v.bucket),
    ),
    findUpload: prepare((v: Id) =>
      query.selectFrom('store_uploads').select(storeUploads.selection).where('id', '=', v.id),
    ),
    bindUpload: prepare((v: StoredStoreUpload) =>
      query
        .insertInto('store_uploads')
        .values(storeUploads.every(v))
        .onConflict((conflict) => conflict.column('id').doNothing()),
    ),
  }
}
