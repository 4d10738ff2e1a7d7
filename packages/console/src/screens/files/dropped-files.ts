/** The files of a drop, with those in dropped folders under their relative names. */
import type { NamedFile } from '../../app/upload-queue.ts'

export async function readDrop({ items, files }: DataTransfer): Promise<NamedFile[]> {
  // What was dropped is there during the event alone: it is asked for before anything is waited for.
  const entries = [...items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null)
  if (entries.length === 0) return [...files].map((file) => ({ name: file.name, file }))
  const found = await Promise.all(entries.map((entry) => readEntry(entry, entry.name)))
  return found.flat()
}

async function readEntry(entry: FileSystemEntry, name: string): Promise<NamedFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    return [{ name, file }]
  }
  if (!isDirectory(entry)) return []
  const children = await readAll(entry.createReader())
  const found = await Promise.all(
    children.map((child) => readEntry(child, `${name}/${child.name}`)),
  )
  return found.flat()
}

/** A reader gives a hundred at a time, and none once it gave all. */
async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return all
    all.push(...some)
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

/** The files of a field; of a chosen folder with its own name before theirs. */
export function readChosen(files: FileList): NamedFile[] {
  return [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }))
}
