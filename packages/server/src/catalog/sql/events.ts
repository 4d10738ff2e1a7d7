/** Events: changes within the transactions that make them, uses in batches; lists that read a bounded number. */
import { sql } from 'kysely'
import type { Clock } from '../../platform/clock.ts'
import { createOrderedId } from '../../platform/ids.ts'
import type { Random } from '../../platform/random.ts'
import { isBehind, matchesEvent } from '../decisions/match-event.ts'
import type {
  Actor,
  ChangeKind,
  EventCatalog,
  EventPage,
  EventRecord,
  EventRetention,
  ListEventsQuery,
  PlacedEvent,
} from '../event-steps.ts'
import { events } from '../tables/events.ts'
import { prepareEventReaders } from './event-readers.ts'
import type { StoredEvent } from './schema.ts'
import type { Script, SqlEngine, Statement, WriteOptions } from './script.ts'

/** What a transaction says of itself. */
export interface ChangeNote {
  readonly kind: ChangeKind | 'upload.rejected'
  readonly code?: string
  readonly linkId?: string
  readonly path?: string
  readonly target?: string
  readonly bytes?: number
  readonly detail?: EventRecord['detail']
}

export interface EventScripts {
  /** To be asked in the transaction of the change; without an actor it is the server's own. */
  record(by: Actor | undefined, change: ChangeNote): Script<void>
}

export interface EventSources {
  readonly clock: Clock
  readonly random: Random
}

const NOBODY = { keyId: null, linkId: null, address: null, agent: null }

export function createEventScripts(
  engine: SqlEngine,
  { clock, random }: EventSources,
): EventScripts {
  const { insert } = prepareEventWrites(engine)
  return {
    *record(by, note) {
      const { kind, code = null, linkId, path = '', target = null, bytes = 0, detail = {} } = note
      const actor = by ?? NOBODY
      const event: EventRecord = {
        id: createOrderedId(clock, random, PREFIX),
        at: clock.now(),
        kind,
        code,
        linkId: linkId ?? actor.linkId,
        keyId: actor.keyId,
        path,
        target,
        address: actor.address,
        agent: actor.agent,
        referrer: null,
        bytes,
        count: 1,
        detail,
      }
      yield* insert.post({ ...events.toStored(event), isChange: 1 })
    },
  }
}

const ONLY_ADDS: WriteOptions = { touches: [] }
const PREFIX = 'evt_'
/** Rows that one page looks at, at most. */
const MAX_SCANNED = 2000
const CHUNK = 200

export function createEventCatalog(
  engine: SqlEngine,
  { random }: Pick<EventSources, 'random'>,
): EventCatalog {
  const { write, read, readSettled } = engine
  const { insert, trim } = prepareEventWrites(engine)
  const at = prepareEventReads(engine)
  const readers = prepareEventReaders(engine)
  return {
    append: (drafts) =>
      write(function* () {
        for (const draft of drafts) {
          const id = createOrderedId({ now: () => draft.at }, random, PREFIX)
          yield* insert.post({ ...events.toStored({ ...draft, id, detail: {} }), isChange: 0 })
        }
      }, ONLY_ADDS),
    list: (query) => read(() => list(at, query)),
    after: (position, limit) =>
      readSettled(function* () {
        return (yield* readers.after.all({ position, limit })).map(toPlaced)
      }),
    last: () => readSettled(() => last(at)),
    trim: (retention) =>
      write(
        function* () {
          const newest = yield* last(at)
          const read = yield* readers.lowest()
          return yield* trimAll(trim, retention, { tooMany: newest - retention.maxEvents, read })
        },
        { isUrgent: true, touches: [] },
      ),
  }
}

function* last(at: EventReads): Script<number> {
  return (yield* at.last.get({}))?.position ?? 0
}

/** Walks backwards from where the page begins, through the events that the narrowest question finds. */
function* list(at: EventReads, query: ListEventsQuery): Script<EventPage> {
  const found: PlacedEvent[] = []
  let before = query.before ?? Number.MAX_SAFE_INTEGER
  for (let scanned = 0; scanned < MAX_SCANNED; scanned += CHUNK) {
    const rows = yield* chunk(at, query, before)
    for (const row of rows) {
      const placed = toPlaced(row)
      before = placed.position
      if (isBehind(placed.event, query)) return { events: found, nextBefore: null }
      if (matchesEvent(placed.event, query)) found.push(placed)
      if (found.length === query.limit) return { events: found, nextBefore: before }
    }
    if (rows.length < CHUNK) return { events: found, nextBefore: null }
  }
  return { events: found, nextBefore: before }
}

function* chunk(at: EventReads, query: ListEventsQuery, before: number): Script<PlacedRow[]> {
  const { linkId, path, keyId, code } = query
  const page = { before, limit: CHUNK }
  if (linkId !== null) return yield* at.ofLink.all({ ...page, value: linkId })
  if (path !== null) return yield* at.ofPath.all({ ...page, value: path })
  if (keyId !== null) {
    const did = yield* at.ofKey.all({ ...page, value: keyId })
    const suffered = yield* at.ofTarget.all({ ...page, value: keyId })
    const others = suffered.filter((row) => row.keyId !== keyId)
    return [...did, ...others].toSorted((a, b) => b.position - a.position).slice(0, CHUNK)
  }
  if (code !== null) return yield* at.ofCode.all({ ...page, value: code })
  return yield* at.all.all(page)
}

function toPlaced({ position, ...row }: PlacedRow): PlacedEvent {
  return { event: events.toRecord(row), position }
}

function* trimAll(
  trim: EventWrites['trim'],
  { usesBeforeMs, changesBeforeMs, limit }: EventRetention,
  { tooMany, read }: { readonly tooMany: number; readonly read: number },
): Script<number> {
  const uses = { isChange: 0, beforeMs: usesBeforeMs, lastTooMany: tooMany, read, limit }
  const changes = { isChange: 1, beforeMs: changesBeforeMs, lastTooMany: 0, read, limit }
  return (yield* trim.run(uses)) + (yield* trim.run(changes))
}

type PlacedRow = StoredEvent & { position: number }
type Inserted = StoredEvent & { isChange: number }

interface Trimmed {
  isChange: number
  beforeMs: number
  lastTooMany: number
  /** Only those that every reader had. */
  read: number
  limit: number
}

interface EventWrites {
  readonly insert: Statement<Inserted, unknown>
  readonly trim: Statement<Trimmed, unknown>
}

function prepareEventWrites({ query, prepare }: SqlEngine): EventWrites {
  return {
    insert: prepare((v: Inserted) =>
      query.insertInto('events').values({ ...events.every(v), is_change: v.isChange }),
    ),
    // Of the oldest of a kind, those that are too old or too many.
    trim: prepare((v: Trimmed) =>
      query.deleteFrom('events').where('position', 'in', (from) =>
        from
          .selectFrom(
            from
              .selectFrom('events')
              .select(['position', 'at'])
              .where('is_change', '=', v.isChange)
              .where('position', '<=', v.read)
              .orderBy('position')
              .limit(v.limit)
              .as('held'),
          )
          .select('held.position')
          .where(sql<boolean>`(held.at < ${v.beforeMs} or held.position <= ${v.lastTooMany})`),
      ),
    ),
  }
}

interface Page {
  before: number
  limit: number
}

interface EventReads {
  readonly ofLink: Statement<Page & { value: string }, PlacedRow>
  readonly ofPath: Statement<Page & { value: string }, PlacedRow>
  readonly ofKey: Statement<Page & { value: string }, PlacedRow>
  readonly ofTarget: Statement<Page & { value: string }, PlacedRow>
  readonly ofCode: Statement<Page & { value: string }, PlacedRow>
  readonly all: Statement<Page, PlacedRow>
  readonly last: Statement<object, { position: number }>
}

function prepareEventReads({ query, prepare }: SqlEngine): EventReads {
  const all = query.selectFrom('events').select([...events.selection, 'position'])
  const page = (v: Page) =>
    all.where('position', '<', v.before).orderBy('position', 'desc').limit(v.limit)
  const by = (column: 'link_id' | 'path' | 'key_id' | 'target' | 'code') =>
    prepare((v: Page & { value: string }) => page(v).where(column, '=', v.value))
  return {
    ofLink: by('link_id'),
    ofPath: by('path'),
    ofKey: by('key_id'),
    ofTarget: by('target'),
    ofCode: by('code'),
    all: prepare(page),
    last: prepare(() =>
      query
        .selectFrom('events')
        .select('position')
        .where('position', '>', sql.lit(0))
        .orderBy('position', 'desc')
        .limit(sql.lit(1)),
    ),
  }
}
