/** What lies in a folder, as the rows of one list: folders first, then files. */
import type { FilePage, StoredFile } from '@hallpass/client'

export type Entry =
  | { readonly kind: 'folder'; readonly path: string; readonly name: string }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly name: string
      readonly file: StoredFile
    }

export function entriesOf(pages: readonly FilePage[]): Entry[] {
  const folders = pages.flatMap((page) => page.folders.map(folderEntry))
  const files = pages.flatMap((page) => page.files.map(fileEntry))
  return [...folders, ...files]
}

export function folderEntry(path: string): Entry {
  const plain = path.replace(/\/$/, '')
  return { kind: 'folder', path: plain, name: lastPart(plain) }
}

function fileEntry(file: StoredFile): Entry {
  return { kind: 'file', path: file.path, name: file.name, file }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** `acme/a/b` → the folders on the way, with their names. */
export function folderTrail(folder: string): { readonly path: string; readonly name: string }[] {
  const parts = folder === '' ? [] : folder.split('/')
  return parts.map((name, index) => ({ name, path: parts.slice(0, index + 1).join('/') }))
}
