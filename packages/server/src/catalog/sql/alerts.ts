/** Alerts, and what is set about them. */
import { sql } from 'kysely'
import type { AlertCatalog, AlertDraft, AlertRecord } from '../alert-steps.ts'
import { events } from '../tables/events.ts'
import { alerts, watchSettings } from '../tables/alerts.ts'
import type { EpochScripts } from './epoch.ts'
import { prepareEventReaders } from './event-readers.ts'
import type { ChangeNote, EventScripts } from './events.ts'
import type { GrantScripts } from './grants.ts'
import type { StoredAlert, StoredWatchSetting } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

export interface AlertParts {
  readonly epoch: EpochScripts
  readonly trail: EventScripts
  readonly grants: GrantScripts
}

const READER = 'watch'

export function createAlertCatalog(engine: SqlEngine, parts: AlertParts): AlertCatalog {
  const { write, readSettled } = engine
  const at = prepareAlertStatements(engine)
  const readers = prepareEventReaders(engine)
  const urgent = { isUrgent: true }
  return {
    unwatched: (limit) =>
      readSettled(function* () {
        const from = yield* readers.positionOf(READER)
        const rows = yield* readers.after.all({ position: from, limit })
        const placed = rows.map(({ position, ...row }) => ({
          position,
          event: events.toRecord(row),
        }))
        return { from, events: placed }
      }),
    raise: (drafts) => write(() => raiseAll(at, parts, drafts), urgent),
    raiseWatched: (drafts, { from, upTo }) =>
      write(function* () {
        if ((yield* readers.positionOf(READER)) !== from) return null
        yield* readers.move.run({ name: READER, position: upTo })
        return yield* raiseAll(at, parts, drafts)
      }, urgent),
    ...createAlertLists(engine, at, parts),
    ...createWatchSettings(engine, parts),
  }
}

function* raiseAll(
  at: AlertStatements,
  parts: AlertParts,
  drafts: readonly AlertDraft[],
): Script<readonly AlertRecord[]> {
  const opened: AlertRecord[] = []
  for (const draft of drafts) {
    if (yield* raise(at, parts, draft)) opened.push(draft.alert)
  }
  return opened
}

/** False where one was open and is counted on. */
function* raise(
  at: AlertStatements,
  { trail, grants }: AlertParts,
  { alert, pause }: AlertDraft,
): Script<boolean> {
  const { id, rule, subject, lastAt, measured, threshold, path, linkId, keyId } = alert
  if ((yield* at.again.run({ rule, subject, lastAt, measured })) > 0) return false
  const isPaused = pause !== null && (yield* grants.pause(pause.linkId, lastAt, pause.stub))
  yield* at.insert.run(alerts.toStored({ ...alert, hasPaused: isPaused }))
  const note = { path, ...(linkId !== null && { linkId }) }
  const detail = { alert: id, rule, subject, measured, threshold }
  const target = keyId ?? id
  yield* trail.record(undefined, { ...note, kind: 'alert.raised', target, detail })
  if (isPaused) yield* trail.record(undefined, { ...note, kind: 'link.paused', detail: { rule } })
  return true
}

function createAlertLists(
  { read, write, lookUp }: SqlEngine,
  at: AlertStatements,
  { epoch, trail }: AlertParts,
): Pick<AlertCatalog, 'list' | 'find' | 'close' | 'forget'> {
  return {
    list: ({ isOpen, pathPrefix, before, limit }) =>
      read(function* () {
        const within = { pathPrefix, prefixLength: Array.from(pathPrefix).length }
        const page = { ...within, before: before ?? Number.MAX_SAFE_INTEGER, limit }
        const rows = yield* (isOpen ? at.open : at.closed).all(page)
        return rows.map(({ position, ...row }) => ({ position, alert: alerts.toRecord(row) }))
      }),
    find: (id) => lookUp(at.find, { id }, (row) => alerts.toRecord(row)),
    close: (id, { nowMs, by }, rights) =>
      write(
        function* () {
          if (!(yield* epoch.allows(rights))) return 'epoch-changed'
          const closed = yield* at.close.run({ id, nowMs, by })
          const row = yield* at.find.get({ id })
          if (row === undefined) return null
          const alert = alerts.toRecord(row)
          if (closed > 0) yield* trail.record(rights?.by, noteOfEnd(alert))
          return alert
        },
        { isUrgent: true },
      ),
    forget: (beforeMs, limit) =>
      write(
        function* () {
          return yield* at.forget.run({ beforeMs, limit })
        },
        { isUrgent: true },
      ),
  }
}

function noteOfEnd({ id, path, linkId, keyId, rule, subject }: AlertRecord): ChangeNote {
  const detail = { alert: id, rule, subject }
  const about = linkId === null ? {} : { linkId }
  return { kind: 'alert.closed', path, ...about, target: keyId ?? id, detail }
}

function createWatchSettings(
  engine: SqlEngine,
  { epoch, trail }: AlertParts,
): Pick<AlertCatalog, 'settings' | 'putSetting' | 'removeSetting'> {
  const { read, write } = engine
  const at = prepareSettingStatements(engine)
  return {
    settings: () =>
      read(function* () {
        return (yield* at.list.all({})).map((row) => watchSettings.toRecord(row))
      }),
    putSetting: (setting, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        yield* at.put.run(watchSettings.toStored(setting))
        const { path, ...detail } = setting
        yield* trail.record(rights?.by, { kind: 'watch.changed', path, detail })
        return 'put'
      }),
    removeSetting: (path, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        if ((yield* at.remove.run({ path })) === 0) return false
        yield* trail.record(rights?.by, { kind: 'watch.changed', path })
        return true
      }),
  }
}

interface Page {
  pathPrefix: string
  /** In code points, as SQL counts. */
  prefixLength: number
  before: number
  limit: number
}

type Again = Pick<AlertRecord, 'rule' | 'subject' | 'lastAt' | 'measured'>
type PlacedRow = StoredAlert & { position: number }

interface AlertStatements {
  readonly insert: Statement<StoredAlert, unknown>
  readonly again: Statement<Again, unknown>
  readonly find: Statement<{ id: string }, StoredAlert>
  readonly open: Statement<Page, PlacedRow>
  readonly closed: Statement<Page, PlacedRow>
  readonly close: Statement<{ id: string; nowMs: number; by: string }, unknown>
  readonly forget: Statement<{ beforeMs: number; limit: number }, unknown>
}

function prepareAlertStatements({ query, prepare }: SqlEngine): AlertStatements {
  const all = query.selectFrom('alerts').select([...alerts.selection, 'position'])
  const page = (v: Page) =>
    all
      .where('position', '<', v.before)
      .where((row) =>
        row(
          row.fn<string>('substr', ['path', sql.lit(1), sql`${v.prefixLength}`]),
          '=',
          v.pathPrefix,
        ),
      )
      .orderBy('position', 'desc')
      .limit(v.limit)
  return {
    insert: prepare((v: StoredAlert) => query.insertInto('alerts').values(alerts.every(v))),
    again: prepare((v: Again) =>
      query
        .updateTable('alerts')
        .set((row) => ({
          times: row('times', '+', sql.lit(1)),
          last_at: v.lastAt,
          measured: v.measured,
        }))
        .where('rule', '=', v.rule)
        .where('subject', '=', v.subject)
        .where('closed_at', 'is', null),
    ),
    find: prepare((v: { id: string }) =>
      query.selectFrom('alerts').select(alerts.selection).where('id', '=', v.id),
    ),
    open: prepare((v: Page) => page(v).where('closed_at', 'is', null)),
    closed: prepare((v: Page) => page(v).where('closed_at', 'is not', null)),
    close: prepare((v: { id: string; nowMs: number; by: string }) =>
      query
        .updateTable('alerts')
        .set({ closed_at: v.nowMs, closed_by: v.by })
        .where('id', '=', v.id)
        .where('closed_at', 'is', null),
    ),
    forget: prepare((v: { beforeMs: number; limit: number }) =>
      query
        .deleteFrom('alerts')
        .where('position', 'in', (from) =>
          from
            .selectFrom('alerts')
            .select('position')
            .where('closed_at', '<', v.beforeMs)
            .orderBy('closed_at')
            .limit(v.limit),
        ),
    ),
  }
}

interface SettingStatements {
  readonly list: Statement<object, StoredWatchSetting>
  readonly put: Statement<StoredWatchSetting, unknown>
  readonly remove: Statement<{ path: string }, unknown>
}

function prepareSettingStatements({ query, prepare }: SqlEngine): SettingStatements {
  return {
    list: prepare(() =>
      query.selectFrom('watch_settings').select(watchSettings.selection).orderBy('path'),
    ),
    put: prepare((v: StoredWatchSetting) =>
      query
        .insertInto('watch_settings')
        .values(watchSettings.every(v))
        .onConflict((conflict) =>
          conflict.column('path').doUpdateSet(watchSettings.except(v, 'path')),
        ),
    ),
    remove: prepare((v: { path: string }) =>
      query.deleteFrom('watch_settings').where('path', '=', v.path),
    ),
  }
}
