/** The list of contents that nobody refers to any more. */
import type { SweepCatalog } from '../catalog.ts'
import type { SqlEngine } from './script.ts'

interface Id {
  id: string
}

export function createSweepCatalog({
  query,
  prepare,
  write,
  read,
  lookUp,
}: SqlEngine): SweepCatalog {
  const due = prepare((v: { queuedBeforeMs: number; kind: string; limit: number }) =>
    query
      .selectFrom('sweep_list')
      .select('content_id')
      .where('kind', '=', v.kind)
      .where('queued_at', '<', v.queuedBeforeMs)
      .orderBy('queued_at')
      .limit(v.limit),
  )
  const unlist = prepare((v: Id) => query.deleteFrom('sweep_list').where('content_id', '=', v.id))
  const requeue = prepare((v: Id & { nowMs: number }) =>
    query.updateTable('sweep_list').set({ queued_at: v.nowMs }).where('content_id', '=', v.id),
  )
  const drop = prepare((v: Id) => query.deleteFrom('contents').where('id', '=', v.id))
  const unmark = prepare((v: Id) =>
    query.deleteFrom('damaged_blobs').where('content_id', '=', v.id),
  )
  const known = prepare((v: Id) => query.selectFrom('contents').select('id').where('id', '=', v.id))
  return {
    due: (queuedBeforeMs, kind, limit) =>
      read(function* () {
        const rows = yield* due.all({ queuedBeforeMs, kind, limit })
        return rows.map((row) => row.content_id)
      }),
    done: (contentIds) =>
      write(
        function* () {
          for (const id of contentIds) {
            if ((yield* unlist.run({ id })) === 0) continue
            yield* drop.run({ id })
            yield* unmark.run({ id })
          }
        },
        { isUrgent: true, touches: [] },
      ),
    postpone: async (contentIds, nowMs) => {
      if (contentIds.length === 0) return
      await write(
        function* () {
          for (const id of contentIds) yield* requeue.run({ id, nowMs })
        },
        { isUrgent: true, touches: [] },
      )
    },
    isKnown: async (id) => (await lookUp(known, { id }, () => true)) ?? false,
  }
}
