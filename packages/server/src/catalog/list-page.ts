/**
 * Makes one page of a listing out of ordered range reads, for every driver and everything that is listed by key. What lies
 * under a common prefix is stepped over with a new range read, so a page costs the same however many keys a prefix holds.
 */
import type { ListedEntry, Listing } from './file-steps.ts'
import { compareKeys, justAfter, prefixEnd } from './key-order.ts'
import type { Script } from './sql/script.ts'

export interface PageQuery<Place> {
  readonly prefix: string
  readonly delimiter: string
  readonly after: string
  /** Rows of the key `after` that come after this place; `null` for the keys after it. */
  readonly afterPlace: Place | null
  readonly limit: number
}

/** Where a read starts: the first row of a key, or what follows one of its rows. */
export interface Cursor<Place> {
  readonly key: string
  readonly place: Place | null
}

/** Rows in the order of their keys, those of one key by their place. */
export interface OrderedRows<Row extends { readonly key: string }, Entry, Place> {
  /** At most `limit`, whose keys come before `end`; `null`: to the last. */
  read(from: Cursor<Place>, end: string | null, limit: number): Script<readonly Row[]>
  /**
   * The first key of each folder from `from` on, up to the first key that lies in none: cheaper than to read rows for the
   * folders they lie in.
   */
  skim?(from: string, end: string | null, limit: number): Script<readonly string[]>
  /** `null` where a key has a single row. */
  placeOf(row: Row): Place | null
  toEntry(row: Row): Entry
}

/** How many rows the first read asks for when folders may make most of them useless. */
const FIRST_READ = 16

export function* listPage<
  Row extends { readonly key: string },
  Entry extends { readonly key: string },
  Place,
>(query: PageQuery<Place>, rows: OrderedRows<Row, Entry, Place>): Script<Listing<Entry>> {
  if (query.limit < 1) return { entries: [], nextAfter: null }
  const page = createPage<Entry>(query)
  const end = query.prefix === '' ? null : prefixEnd(query.prefix)
  let from = firstCursor(query)
  let readSize = query.delimiter === '' ? query.limit + 1 : FIRST_READ
  while (from !== null) {
    const read: readonly Row[] = yield* rows.read(from, end, readSize)
    const before = page.entries.length
    if (!read.every((row) => page.add(row.key, () => rows.toEntry(row)))) return fullPage(page)
    const last = read.at(-1)
    if (last === undefined || read.length < readSize) break
    const added = page.entries.length - before
    from = cursorAfter(last.key, rows.placeOf(last), query)
    if (from !== null && added * 2 < readSize && canSkim(rows, query)) {
      const room = query.limit + 1 - page.entries.length
      const folders: readonly string[] = yield* rows.skim(from.key, end, room)
      if (!folders.every((key) => page.addFolderOf(key))) return fullPage(page)
      const lastFolder = folders.at(-1)
      if (lastFolder !== undefined) from = cursorAfter<Place>(lastFolder, null, query)
    }
    readSize = nextReadSize(readSize, added, query.limit + 1)
  }
  return { entries: page.entries, nextAfter: null }
}

interface Page<Entry> {
  readonly entries: readonly ListedEntry<Entry>[]
  /** False if the key starts an entry for which there is no room. */
  add(key: string, toEntry: () => Entry): boolean
  /** The same for a key that is known to lie in a folder. */
  addFolderOf(key: string): boolean
}

function fullPage<Entry extends { readonly key: string }>({
  entries,
}: Page<Entry>): Listing<Entry> {
  return { entries, nextAfter: nameOf(entries.at(-1)) }
}

type Skimming<Row extends { readonly key: string }, Entry, Place> = Required<
  OrderedRows<Row, Entry, Place>
>

/** A delimiter of the highest characters alone has no end to go on from. */
function canSkim<Row extends { readonly key: string }, Entry, Place>(
  rows: OrderedRows<Row, Entry, Place>,
  { delimiter }: Grouping,
): rows is Skimming<Row, Entry, Place> {
  return rows.skim !== undefined && delimiter !== '' && prefixEnd(delimiter) !== null
}

type Grouping = Pick<PageQuery<unknown>, 'prefix' | 'delimiter' | 'limit'>

function createPage<Entry>(query: Grouping): Page<Entry> {
  const entries: ListedEntry<Entry>[] = []
  let rolledInto: string | null = null
  const hasRoom = () => entries.length < query.limit
  const addFolder = (prefix: string): boolean => {
    if (prefix === rolledInto) return true
    if (!hasRoom()) return false
    entries.push({ kind: 'prefix', prefix })
    rolledInto = prefix
    return true
  }
  return {
    entries,
    add(key, toEntry) {
      const prefix = commonPrefix(key, query)
      if (prefix !== null) return addFolder(prefix)
      if (!hasRoom()) return false
      entries.push({ kind: 'file', file: toEntry() })
      return true
    },
    addFolderOf: (key) => addFolder(commonPrefix(key, query) ?? key),
  }
}

/** What `key` is rolled into: everything up to the first delimiter after the asked prefix; `null` if it stands alone. */
function commonPrefix(key: string, query: Grouping): string | null {
  if (query.delimiter === '') return null
  const at = key.indexOf(query.delimiter, query.prefix.length)
  return at === -1 ? null : key.slice(0, at + query.delimiter.length)
}

/** Where the page starts; `null` if nothing can come after `query.after`. */
function firstCursor<Place>(query: PageQuery<Place>): Cursor<Place> | null {
  const { after, prefix } = query
  if (after === '' || compareKeys(after, prefix) < 0) return { key: prefix, place: null }
  if (after.startsWith(prefix)) return cursorAfter(after, query.afterPlace, query)
  return { key: justAfter(after), place: null }
}

/** What follows one row, or all that its key is rolled into. */
function cursorAfter<Place>(
  key: string,
  place: Place | null,
  query: Grouping,
): Cursor<Place> | null {
  const prefix = commonPrefix(key, query)
  if (prefix === null) return place === null ? { key: justAfter(key), place } : { key, place }
  const next = prefixEnd(prefix)
  return next === null ? null : { key: next, place: null }
}

/** Reads grow while most rows become entries and shrink while they vanish into prefixes. */
function nextReadSize(size: number, added: number, most: number): number {
  return added * 2 >= size ? Math.min(size * 2, most) : Math.max(size >> 1, 2)
}

function nameOf<Entry extends { readonly key: string }>(
  entry: ListedEntry<Entry> | undefined,
): string | null {
  if (entry === undefined) return null
  return entry.kind === 'file' ? entry.file.key : entry.prefix
}
