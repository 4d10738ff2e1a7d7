/** What lies in a folder, as the rows of one list: page after page, in each the folders before the files. */
import type { FilePage, StoredFile } from '@hallpass/client'

export type Entry =
  | { readonly kind: 'folder'; readonly path: string; readonly name: string }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly name: string
      readonly file: StoredFile
    }

/** A list of any length that nobody copies: what a page holds is made once, and found by its place. */
export interface Rows<Item> {
  readonly length: number
  /** From 0 on. */
  readonly at: (index: number) => Item | undefined
}

const made = new WeakMap<FilePage, readonly Entry[]>()

export function rowsOf(pages: readonly FilePage[]): Rows<Entry> {
  const parts = pages.map((page) => entriesOf(page))
  const starts: number[] = []
  let length = 0
  for (const part of parts) {
    starts.push(length)
    length += part.length
  }
  return {
    length,
    at(index) {
      const part = lastAtMost(starts, index)
      return parts[part]?.[index - (starts[part] ?? 0)]
    },
  }
}

/** The last place whose number is at most this one. */
function lastAtMost(sorted: readonly number[], wanted: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) <= wanted) low = middle + 1
    else high = middle
  }
  return low - 1
}

function entriesOf(page: FilePage): readonly Entry[] {
  const known = made.get(page)
  if (known !== undefined) return known
  const entries = [...page.folders.map(folderEntry), ...page.files.map(fileEntry)]
  made.set(page, entries)
  return entries
}

function folderEntry(path: string): Entry {
  const plain = path.replace(/\/$/, '')
  return { kind: 'folder', path: plain, name: lastPart(plain) }
}

export function fileEntry(file: StoredFile): Entry {
  return { kind: 'file', path: file.path, name: file.name, file }
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** `acme/a/b` → the folders on the way, with their names. */
export function folderTrail(folder: string): { readonly path: string; readonly name: string }[] {
  const parts = folder === '' ? [] : folder.split('/')
  return parts.map((name, index) => ({ name, path: parts.slice(0, index + 1).join('/') }))
}
