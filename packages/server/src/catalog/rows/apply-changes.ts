/**
 * Makes rows of one catalog what they are in another: those of given keys, as they are now, whatever became of them since. To do it
 * twice changes nothing.
 */
import type { ChangedKeys } from './change-log.ts'
import { quoted, quotedList } from './row-catalog.ts'
import type { Row, RowSession, RowValue } from './row-catalog.ts'
import { KEPT_TABLES } from './row-tables.ts'
import type { RowTable } from './row-tables.ts'

interface FoundRows {
  readonly table: RowTable
  readonly columns: readonly string[]
  readonly keys: readonly (readonly RowValue[])[]
  /** Those that are there, in the order of their keys. */
  readonly rows: readonly Row[]
}

/** Rows as they are in the source, of one state. */
export async function findChanged(
  session: RowSession,
  changed: ChangedKeys,
): Promise<readonly FoundRows[]> {
  const found: FoundRows[] = []
  for (const table of KEPT_TABLES) {
    const keys = changed.get(table.name) ?? []
    if (keys.length === 0) continue
    const columns = await session.columns(table.name)
    const rows: Row[] = []
    for (const some of inGroups(keys)) {
      const { text, values } = anyOf(table, some)
      const select = `SELECT ${quotedList(columns)} FROM ${quoted(table.name)} WHERE ${text} ORDER BY ${quotedList(table.key)}`
      rows.push(...(await session.ask(select, values)))
    }
    found.push({ table, columns, keys, rows })
  }
  return found
}

/** First what goes, the last table first; then what comes. So no two rows are in each other's way, and none lacks what it refers to. */
export async function applyChanged(
  session: RowSession,
  found: readonly FoundRows[],
): Promise<void> {
  for (const each of found.toReversed()) await removeOld(session, each)
  for (const { table, columns, rows } of found) {
    if (table.isReferredTo === true) {
      for (const row of rows) await put(session, { table, columns, row })
    } else {
      await session.insert(table.name, columns, rows)
    }
  }
}

async function removeOld(
  session: RowSession,
  { table, columns, keys, rows }: FoundRows,
): Promise<void> {
  const places = table.key.map((name) => columns.indexOf(name))
  const textOf = (key: readonly (RowValue | undefined)[]): string => JSON.stringify(key.map(String))
  const there = new Set(rows.map((row) => textOf(places.map((place) => row[place]))))
  // A row that others refer to may not go for a moment: it is changed where it stands.
  const gone = table.isReferredTo === true ? keys.filter((key) => !there.has(textOf(key))) : keys
  for (const some of inGroups(gone)) {
    const { text, values } = anyOf(table, some)
    await session.run(`DELETE FROM ${quoted(table.name)} WHERE ${text}`, values)
  }
}

interface PutRow {
  readonly table: RowTable
  readonly columns: readonly string[]
  readonly row: Row
}

async function put(session: RowSession, { table, columns, row }: PutRow): Promise<void> {
  const key = table.key.map((name) => row[columns.indexOf(name)] ?? null)
  const { text, values } = anyOf(table, [key])
  const set = columns.map((name) => `${quoted(name)} = ?`).join(', ')
  const changed = await session.run(`UPDATE ${quoted(table.name)} SET ${set} WHERE ${text}`, [
    ...row,
    ...values,
  ])
  if (changed === 0) await session.insert(table.name, columns, [row])
}

/** Few enough for one statement. */
const GROUP = 50

function* inGroups<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += GROUP) yield items.slice(at, at + GROUP)
}

function anyOf(
  { key }: RowTable,
  keys: readonly (readonly RowValue[])[],
): { readonly text: string; readonly values: readonly RowValue[] } {
  const one = `(${key.map((name) => `${quoted(name)} = ?`).join(' AND ')})`
  return { text: keys.map(() => one).join(' OR '), values: keys.flat() }
}
