/** A catalog as lines: what it is, then each table with its columns and its rows, then how many there were. */
import type { RowSession } from '../catalog/rows/row-catalog.ts'
import { quoted, quotedList } from '../catalog/rows/row-catalog.ts'
import type { Row } from '../catalog/rows/row-catalog.ts'
import { KEPT_TABLES } from '../catalog/rows/row-tables.ts'
import { parseRow, toLine } from '../catalog/rows/row-text.ts'
import { storeCorrupt } from '../platform/store-errors.ts'
import type { OnProgress } from './service.ts'

export interface CatalogHead {
  readonly schema: number
  readonly numbers: Readonly<Record<string, number>>
}

/** Over the one state that the session sees. */
export async function* writeCatalog(
  session: RowSession,
  schema: number,
  onProgress: OnProgress,
): AsyncGenerator {
  const head: CatalogHead = { schema, numbers: await session.numbers() }
  yield head
  const counts: Record<string, number> = {}
  let done = 0
  const there = new Set(await session.tables())
  for (const { name } of KEPT_TABLES.filter((table) => there.has(table.name))) {
    const columns = await session.columns(name)
    yield { table: name, columns }
    let count = 0
    for await (const rows of session.stream(`SELECT ${quotedList(columns)} FROM ${quoted(name)}`)) {
      for (const row of rows) yield toLine(row)
      count += rows.length
      done += rows.length
      onProgress({ what: 'rows', done, of: null })
    }
    counts[name] = count
  }
  yield { end: counts }
}

const AT_ONCE = 500

/** Fills an empty catalog of the same schema, within the transaction of the session. Throws a StoreError if a line is missing or none of ours. */
export async function readCatalog(
  session: RowSession,
  lines: AsyncIterable<unknown>,
  onProgress: OnProgress,
): Promise<Readonly<Record<string, number>>> {
  const filler = createFiller(session, onProgress)
  let numbers: CatalogHead['numbers'] | null = null
  let ended: Record<string, number> | null = null
  for await (const line of lines) {
    if (ended !== null) throw storeCorrupt('The catalog of the backup goes on behind its end.')
    if (Array.isArray(line)) await filler.add(parseRow(line))
    else if (hasField(line, 'table')) await filler.begin(tableOf(line))
    else if (hasField(line, 'end')) ended = line.end as Record<string, number>
    else if (hasField(line, 'numbers')) numbers = line.numbers as CatalogHead['numbers']
    else throw storeCorrupt('The catalog of the backup holds a line that is none of ours.')
  }
  await filler.flush()
  if (ended === null || numbers === null)
    throw storeCorrupt('The catalog of the backup was cut off.')
  for (const [name, count] of Object.entries(ended)) {
    if (filler.counts.get(name) === count) continue
    throw storeCorrupt(`The catalog of the backup lacks rows of ${name}.`)
  }
  await session.setNumbers(numbers)
  return ended
}

function hasField<Name extends string>(
  line: unknown,
  name: Name,
): line is Readonly<Record<Name, unknown>> {
  return typeof line === 'object' && line !== null && name in line
}

interface TableLine {
  readonly table: string
  readonly columns: readonly string[]
}

/** Its names become part of statements, so none may be but one of ours. */
function tableOf(line: object): TableLine {
  const { table, columns } = line as Partial<TableLine>
  const isKnown = KEPT_TABLES.some(({ name }) => name === table)
  const areNames = columns?.every((name) => /^[a-z][a-z0-9_]*$/.test(name)) === true
  if (isKnown && areNames && table !== undefined) return { table, columns }
  throw storeCorrupt('The catalog of the backup names a table that is none of ours.')
}

interface Filler {
  readonly counts: ReadonlyMap<string, number>
  begin(table: TableLine): Promise<void>
  add(row: Row): Promise<void>
  flush(): Promise<void>
}

function createFiller(session: RowSession, onProgress: OnProgress): Filler {
  const counts = new Map<string, number>()
  let current: TableLine | null = null
  let waiting: Row[] = []
  let done = 0

  async function flush(): Promise<void> {
    if (current === null || waiting.length === 0) return
    await session.insert(current.table, current.columns, waiting)
    counts.set(current.table, (counts.get(current.table) ?? 0) + waiting.length)
    done += waiting.length
    waiting = []
    onProgress({ what: 'rows', done, of: null })
  }

  return {
    counts,
    async begin(table) {
      await flush()
      current = table
      counts.set(table.table, 0)
    },
    async add(row) {
      if (current?.columns.length !== row.length) {
        throw storeCorrupt('The catalog of the backup holds a row with too few or too many values.')
      }
      waiting.push(row)
      if (waiting.length >= AT_ONCE) await flush()
    },
    flush,
  }
}

/** A catalog that was just made has rows of its own, which are not those of the one that comes in. */
export async function emptyCatalog(session: RowSession): Promise<void> {
  const there = new Set(await session.tables())
  for (const { name } of KEPT_TABLES.toReversed()) {
    if (there.has(name)) await session.run(`DELETE FROM ${quoted(name)}`)
  }
}

/** Made by every catalog for itself. */
const MADE_WITH_IT: ReadonlySet<string> = new Set(['key_epoch', 'event_readers'])

/** Whether nothing was ever kept in it. */
export async function isEmptyCatalog(session: RowSession): Promise<boolean> {
  const there = new Set(await session.tables())
  for (const { name } of KEPT_TABLES) {
    if (!there.has(name) || MADE_WITH_IT.has(name)) continue
    if ((await session.ask(`SELECT 1 AS found FROM ${quoted(name)} LIMIT 1`)).length > 0)
      return false
  }
  return true
}
