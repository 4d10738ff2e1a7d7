/** The list of blobs that nobody refers to any more. */
import { sql } from 'kysely'
import type { SweepCatalog } from '../catalog.ts'
import { read } from './connection.ts'
import type { Connection } from './connection.ts'
import { prepare, query } from './statement.ts'

interface Blob {
  blobId: string
}

export function createSweepCatalog({ db, commit }: Connection): SweepCatalog {
  const due = prepare(db, (v: { queuedBeforeMs: number; isInline: number; limit: number }) =>
    query
      .selectFrom('sweep_list')
      .select('blob_id')
      .where('is_inline', '=', v.isInline)
      .where('queued_at', '<', v.queuedBeforeMs)
      .orderBy('queued_at')
      .limit(v.limit),
  )
  const unlist = prepare(db, (v: Blob) =>
    query.deleteFrom('sweep_list').where('blob_id', '=', v.blobId),
  )
  const dropBytes = prepare(db, (v: Blob) =>
    query.deleteFrom('inline_blobs').where('blob_id', '=', v.blobId),
  )
  const isStored = prepare(db, (v: Blob) =>
    query
      .selectFrom('files')
      .select(sql<number>`1`.as('found'))
      .where('blob_id', '=', v.blobId)
      .where('is_inline', '=', sql.lit(0)),
  )
  const isInline = prepare(db, (v: Blob) =>
    query.selectFrom('inline_blobs').select('position').where('blob_id', '=', v.blobId),
  )
  const isListed = prepare(db, (v: Blob) =>
    query.selectFrom('sweep_list').select('queued_at').where('blob_id', '=', v.blobId),
  )
  return {
    due: (queuedBeforeMs, isInline, limit) =>
      read(() =>
        due
          .all({ queuedBeforeMs, isInline: isInline ? 1 : 0, limit })
          .map(({ blob_id }) => blob_id),
      ),
    done: (blobIds) =>
      commit.write(() => {
        for (const blobId of blobIds) {
          unlist.run({ blobId })
          dropBytes.run({ blobId })
        }
      }),
    isKnown: (blobId) =>
      read(() =>
        [isStored, isInline, isListed].some((found) => found.get({ blobId }) !== undefined),
      ),
  }
}
