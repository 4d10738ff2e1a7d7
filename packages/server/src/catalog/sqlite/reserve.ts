/**
 * Room set aside for a disk that has become full: a file beside the catalog, given up so that deletes and revocations, which
 * write before they free anything, still find room for their pages. While it is given up nothing else is written, and it is
 * set aside again as soon as there is room for twice as much.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

export const RESERVE_BYTES: number = 4 * 1024 * 1024
/** Random, because some file systems keep no blocks for zeros. */
const BLOCK_BYTES = 64 * 1024
const WRITE: number =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0)
const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT'])
/** How long what was last seen of it is believed: another process may have given it up. */
const LOOK_EVERY_MS = 250

export interface Reserve {
  /** True if there is no pressure: the reserve is there. */
  isHeld(): boolean
  giveUp(): void
}

/** For a catalog that no file holds. */
export const NO_RESERVE: Reserve = { isHeld: () => true, giveUp: () => undefined }

export function createReserve(catalogPath: string, bytes: number): Reserve {
  if (bytes === 0) return NO_RESERVE
  const path = `${catalogPath}-reserve`
  let isHeld = existsSync(path) || setAside(path, bytes)
  let lookedAt = performance.now()

  return {
    isHeld() {
      if (performance.now() - lookedAt < LOOK_EVERY_MS) return isHeld
      isHeld = existsSync(path) || setAside(path, bytes)
      lookedAt = performance.now()
      return isHeld
    },
    giveUp() {
      rmSync(path, { force: true })
      isHeld = false
      lookedAt = performance.now()
    },
  }
}

/** False if there is no room for it. Where there can be none for another reason, nothing is gained by waiting for it. */
function setAside(path: string, bytes: number): boolean {
  const unfinished = `${path}-unfinished`
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    if (bavail * bsize < 2 * bytes) return false
    fill(unfinished, bytes)
    renameSync(unfinished, path)
    return true
  } catch (error) {
    removeQuietly(unfinished)
    return !(error instanceof Error && 'code' in error && NO_ROOM.has(error.code))
  }
}

/** Clean-up after a failure that has an answer already. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Written over the next time.
  }
}

function fill(path: string, bytes: number): void {
  const fd = openSync(path, WRITE, 0o600)
  try {
    const block = randomBytes(BLOCK_BYTES)
    for (let written = 0; written < bytes;) {
      written += writeSync(fd, block, 0, Math.min(block.length, bytes - written))
    }
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
