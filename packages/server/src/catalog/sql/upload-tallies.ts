/** Counts what each key has open, in the very transactions that open, fill and end uploads. */
import { sql } from 'kysely'
import type { PartRecord, UploadRecord } from '../records.ts'
import { uploadTallies } from '../tables/upload-tallies.ts'
import type { StoredUploadTally } from './schema.ts'
import type { Script, SqlEngine } from './script.ts'

export interface UploadTallyScripts {
  /** Counts one more; false, and nothing is counted, if that is too many. */
  open(createdBy: string, maxOpen: number): Script<boolean>
  /** Counts the difference that a part makes; false, and nothing is counted, if that is too much. */
  fill(createdBy: string, difference: number, maxBytes: number): Script<boolean>
  /** Counts one less, and what its parts held. */
  end(upload: Pick<UploadRecord, 'createdBy'>, parts: readonly PartRecord[]): Script<void>
}

export function createUploadTallies({ query, prepare }: SqlEngine): UploadTallyScripts {
  const find = prepare((v: { createdBy: string }) =>
    query
      .selectFrom('upload_tallies')
      .select(uploadTallies.selection)
      .where('created_by', '=', v.createdBy),
  )
  const insert = prepare((v: StoredUploadTally) =>
    query.insertInto('upload_tallies').values(uploadTallies.every(v)),
  )
  const add = prepare((v: StoredUploadTally) =>
    query
      .updateTable('upload_tallies')
      .set((row) => ({
        uploads: row('uploads', '+', v.uploads),
        bytes: row('bytes', '+', v.bytes),
      }))
      .where('created_by', '=', v.createdBy),
  )
  const clear = prepare((v: { createdBy: string }) =>
    query
      .deleteFrom('upload_tallies')
      .where('created_by', '=', v.createdBy)
      .where('uploads', '=', sql.lit(0)),
  )

  return {
    *open(createdBy, maxOpen) {
      const tally = yield* find.get({ createdBy })
      if ((tally?.uploads ?? 0) >= maxOpen) return false
      const one = uploadTallies.toStored({ createdBy, uploads: 1, bytes: 0 })
      yield* (tally === undefined ? insert : add).run(one)
      return true
    },
    *fill(createdBy, difference, maxBytes) {
      const tally = yield* find.get({ createdBy })
      if (difference > 0 && (tally?.bytes ?? 0) + difference > maxBytes) return false
      if (difference !== 0) {
        yield* add.run(uploadTallies.toStored({ createdBy, uploads: 0, bytes: difference }))
      }
      return true
    },
    *end({ createdBy }, parts) {
      const bytes = parts.reduce((sum, { size }) => sum + size, 0)
      yield* add.run(uploadTallies.toStored({ createdBy, uploads: -1, bytes: -bytes }))
      yield* clear.run({ createdBy })
    },
  }
}
