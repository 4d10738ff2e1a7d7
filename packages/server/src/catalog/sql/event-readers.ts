/** How far those are who read every event: none is let go of before they had it. */
import { sql } from 'kysely'
import { events } from '../tables/events.ts'
import type { StoredEvent } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

export interface EventReaders {
  readonly after: Statement<{ position: number; limit: number }, StoredEvent & { position: number }>
  /** The last one, if it stands behind. */
  readonly newest: Statement<{ position: number }, StoredEvent & { position: number }>
  readonly move: Statement<{ name: string; position: number }, unknown>
  positionOf(name: string): Script<number>
  /** Behind what every reader had. */
  lowest(): Script<number>
}

export function prepareEventReaders({ query, prepare }: SqlEngine): EventReaders {
  const all = query.selectFrom('event_readers').select('position')
  const behind = (v: { position: number }) =>
    query
      .selectFrom('events')
      .select([...events.selection, 'position'])
      .where('position', '>', v.position)
  const find = prepare((v: { name: string }) => all.where('name', '=', v.name))
  const lowest = prepare(() =>
    query.selectFrom('event_readers').select((of) => of.fn.min<number>('position').as('position')),
  )
  return {
    after: prepare((v: { position: number; limit: number }) =>
      behind(v).orderBy('position').limit(v.limit),
    ),
    newest: prepare((v: { position: number }) =>
      behind(v).orderBy('position', 'desc').limit(sql.lit(1)),
    ),
    move: prepare((v: { name: string; position: number }) =>
      query.updateTable('event_readers').set({ position: v.position }).where('name', '=', v.name),
    ),
    *positionOf(name) {
      return (yield* find.get({ name }))?.position ?? 0
    },
    *lowest() {
      return (yield* lowest.get({}))?.position ?? 0
    },
  }
}
