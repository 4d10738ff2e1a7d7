/**
 * Folders whose entries must survive a power cut. A name is durable only when the folder that holds it has been synced,
 * and so is the folder's own name in the folder above.
 */
import { constants } from 'node:fs'
import { storeCorrupt } from '../../platform/store-errors.ts'
import type { BlobPlace } from './blob-places.ts'
import { codeOf } from './disk-error.ts'
import type { FileCalls } from './file-calls.ts'

export interface Directories {
  /** The folder of a blob exists, durably. */
  ensure(place: BlobPlace): Promise<void>
  /** Every name put into the folder before the call is durable. Callers that wait at the same time share a sync. */
  sync(path: string): Promise<void>
}

interface SyncQueue {
  readonly running: Promise<void>
  /** Starts after `running`, for those whose name came too late for it. */
  waiting: Promise<void> | null
}

/** Windows has no descriptor of a folder; NTFS keeps names in its own journal. */
const CAN_SYNC = process.platform !== 'win32'

export function createDirectories(root: string, calls: FileCalls): Directories {
  const queues = new Map<string, SyncQueue>()
  const ensured = new Map<string, Promise<void>>()

  function sync(path: string): Promise<void> {
    if (!CAN_SYNC) return Promise.resolve()
    const queue = queues.get(path)
    if (queue === undefined) return startSync(path)
    queue.waiting ??= queue.running.catch(() => undefined).then(() => startSync(path))
    return queue.waiting
  }

  function startSync(path: string): Promise<void> {
    const running = syncDirectory(calls, path).finally(() => {
      if (queues.get(path)?.running === running) queues.delete(path)
    })
    queues.set(path, { running, waiting: null })
    return running
  }

  /** Once a process and folder: who made the folder may have crashed before its name was durable. */
  function ensureOne(path: string, parent: string): Promise<void> {
    const known = ensured.get(path)
    if (known !== undefined) return known
    const making = makeDirectory(calls, path).then(() => sync(parent))
    ensured.set(path, making)
    making.catch(() => ensured.delete(path))
    return making
  }

  return {
    sync,
    async ensure({ folder, upperFolder }) {
      await ensureOne(upperFolder, root)
      await ensureOne(folder, upperFolder)
    },
  }
}

async function syncDirectory(calls: FileCalls, path: string): Promise<void> {
  const fd = await calls.open(path, constants.O_RDONLY | constants.O_DIRECTORY, 0)
  try {
    await calls.sync(fd)
  } finally {
    await calls.close(fd)
  }
}

/** A link planted in place of a folder would lead writes out of the store. */
async function makeDirectory(calls: FileCalls, path: string): Promise<void> {
  try {
    await calls.mkdir(path, 0o700)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    const found = await calls.lstat(path)
    if (!found.isDirectory()) throw storeCorrupt('A folder of the blob store is not a folder.')
  }
}
