/** Remembers for a while what became of completed uploads. */
import { sql } from 'kysely'
import type { UploadCatalog } from '../catalog.ts'
import type { FinishedUploadRecord } from '../records.ts'
import { finishedUploads } from '../tables/finished-uploads.ts'
import type { StoredFinishedUpload } from './schema.ts'
import type { Script, SqlEngine } from './script.ts'

export interface FinishedUploads extends Pick<UploadCatalog, 'findFinished' | 'forgetFinished'> {
  remember(finished: FinishedUploadRecord): Script<void>
}

export function createFinishedUploads(engine: SqlEngine): FinishedUploads {
  const { query, prepare, write, lookUp } = engine
  const find = prepare((v: { id: string }) =>
    query.selectFrom('finished_uploads').select(finishedUploads.selection).where('id', '=', v.id),
  )
  const insert = prepare((v: StoredFinishedUpload) =>
    query
      .insertInto('finished_uploads')
      .values(finishedUploads.every(v))
      .onConflict((conflict) => conflict.column('id').doUpdateSet(finishedUploads.except(v, 'id'))),
  )
  const forget = prepare((v: { nowMs: number; limit: number }) =>
    query.deleteFrom('finished_uploads').where('id', 'in', (row) =>
      row
        .selectFrom('finished_uploads as over')
        .select('over.id')
        .where('over.forget_at', '<=', v.nowMs)
        .orderBy('over.forget_at')
        .limit(sql<number>`${v.limit}`),
    ),
  )
  return {
    *remember(finished) {
      yield* insert.run(finishedUploads.toStored(finished))
    },
    findFinished: (id) => lookUp(find, { id }, (row) => finishedUploads.toRecord(row)),
    forgetFinished: (nowMs, limit) =>
      write(
        function* () {
          return yield* forget.run({ nowMs, limit })
        },
        { isUrgent: true },
      ),
  }
}
