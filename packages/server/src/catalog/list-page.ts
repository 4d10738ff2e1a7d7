/**
 * Makes one page of a listing out of ordered range reads, for every driver. What lies under a common prefix is stepped
 * over with a new range read, so a page costs the same however many keys a prefix holds.
 */
import type { FileListing, ListFilesQuery, ListedEntry } from './catalog.ts'
import type { FileRecord } from './records.ts'
import { compareKeys, justAfter, prefixEnd } from './key-order.ts'

export interface KeyedRows<Row extends { readonly key: string }> {
  /** Rows with `from <= key < end` in key order, at most `limit`; `end` null: to the last. */
  read(from: string, end: string | null, limit: number): readonly Row[]
  toFile(row: Row): FileRecord
}

/** How many rows the first read asks for when folders may make most of them useless. */
const FIRST_READ = 16

export function listPage<Row extends { readonly key: string }>(
  query: ListFilesQuery,
  rows: KeyedRows<Row>,
): FileListing {
  if (query.limit < 1) return { entries: [], nextAfter: null }
  const page = createPage(query)
  const end = query.prefix === '' ? null : prefixEnd(query.prefix)
  let from = firstKey(query)
  let readSize = query.delimiter === '' ? query.limit + 1 : FIRST_READ
  while (from !== null) {
    const read = rows.read(from, end, readSize)
    const before = page.entries.length
    for (const row of read) {
      if (!page.add(row.key, () => rows.toFile(row))) {
        return { entries: page.entries, nextAfter: nameOf(page.entries.at(-1)) }
      }
    }
    const last = read.at(-1)
    if (last === undefined || read.length < readSize) break
    const prefix = commonPrefix(last.key, query)
    from = prefix === null ? justAfter(last.key) : prefixEnd(prefix)
    readSize = nextReadSize(readSize, page.entries.length - before, query.limit + 1)
  }
  return { entries: page.entries, nextAfter: null }
}

interface Page {
  readonly entries: readonly ListedEntry[]
  /** False if the key starts an entry for which there is no room. */
  add(key: string, toFile: () => FileRecord): boolean
}

function createPage(query: ListFilesQuery): Page {
  const entries: ListedEntry[] = []
  let rolledInto: string | null = null
  return {
    entries,
    add(key, toFile) {
      const prefix = commonPrefix(key, query)
      if (prefix !== null && prefix === rolledInto) return true
      if (entries.length === query.limit) return false
      entries.push(prefix === null ? { kind: 'file', file: toFile() } : { kind: 'prefix', prefix })
      rolledInto = prefix
      return true
    },
  }
}

/** What `key` is rolled into: everything up to the first delimiter after the asked prefix; `null` if it stands alone. */
function commonPrefix(key: string, query: ListFilesQuery): string | null {
  if (query.delimiter === '') return null
  const at = key.indexOf(query.delimiter, query.prefix.length)
  return at === -1 ? null : key.slice(0, at + query.delimiter.length)
}

/** Where the page starts; `null` if nothing can come after `query.after`. */
function firstKey(query: ListFilesQuery): string | null {
  const { after, prefix } = query
  if (after === '' || compareKeys(after, prefix) < 0) return prefix
  const rolled = after.startsWith(prefix) ? commonPrefix(after, query) : null
  return rolled === null ? justAfter(after) : prefixEnd(rolled)
}

/** Reads grow while most rows become entries and shrink while they vanish into prefixes. */
function nextReadSize(size: number, added: number, most: number): number {
  return added * 2 >= size ? Math.min(size * 2, most) : Math.max(size >> 1, 2)
}

function nameOf(entry: ListedEntry | undefined): string | null {
  if (entry === undefined) return null
  return entry.kind === 'file' ? entry.file.key : entry.prefix
}
