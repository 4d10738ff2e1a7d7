/** Backups in a folder of this machine. */
import { createReadStream, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobStore } from '../../blobs/blob-store.ts'
import { syncDirectory } from '../../config/private-files.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import { writeBodyDurably } from '../write-durably.ts'
import type { BackupFiles } from './backup-files.ts'

/** What the file system puts into a directory of its own accord. */
const NOT_OURS: ReadonlySet<string> = new Set(['lost+found'])

export function createFilesInFolder(
  root: string,
  openBlobs: (directory: string) => BlobStore,
): BackupFiles {
  let opened: BlobStore | null = null
  return {
    name: root,
    get blobs() {
      opened ??= openBlobs(join(root, 'blobs'))
      return opened
    },
    isEmpty: () => Promise.resolve(isEmpty(root)),
    has: (path) => Promise.resolve(existsSync(join(root, path))),
    folders: (path) => Promise.resolve(foldersIn(join(root, path))),
    read: (path) => readPath(join(root, path)),
    async write(path, body) {
      const target = join(root, path)
      makeFolder(dirname(target))
      await writeBodyDurably(target, body)
    },
    remove: (path) => rm(join(root, path), { force: true }),
    removeFolder: (path) => rm(join(root, path), { recursive: true, force: true }),
    close: async () => opened?.close(),
  }
}

function isEmpty(path: string): boolean {
  return !existsSync(path) || readdirSync(path).every((name) => NOT_OURS.has(name))
}

function foldersIn(path: string): string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

/** Each of those that were made is durable in the one above. */
function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = path; ; made = dirname(made)) {
    syncDirectory(dirname(made))
    if (made === first) return
  }
}

async function* readPath(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) yield piece
  } catch (error) {
    throw storeUnavailable(`${path} cannot be read.`, error)
  }
}
