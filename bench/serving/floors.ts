/** What the machine itself can do: no server could be faster without doing less. */
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { MIB } from './operations.ts'

/** So that no round meets the names of another. */
let files = 0

/**
 * Files a second, each written, synced, renamed and its directory synced before the next. They stay: ext4 is slow to find
 * a free inode among many that were just deleted, and whoever comes next would pay for it.
 */
export function durableFilesPerSecond(folder: string, bytes: number, seconds: number): number {
  const place = join(folder, 'floor')
  mkdirSync(place, { recursive: true })
  const directory = openSync(place, 'r')
  const body = randomBytes(bytes)
  const first = files
  const start = performance.now()
  while (performance.now() - start < seconds * 1000) {
    const temporary = join(place, `temporary-${files}`)
    const file = openSync(temporary, 'wx')
    writeSync(file, body)
    fsyncSync(file)
    closeSync(file)
    renameSync(temporary, join(place, `file-${files}`))
    fsyncSync(directory)
    files += 1
  }
  const rate = (files - first) / ((performance.now() - start) / 1000)
  closeSync(directory)
  return rate
}

/** MiB a second through both digests every upload needs. */
export function hashedMibPerSecond(bytes: number): number {
  const piece = randomBytes(64 * 1024)
  const digests = [createHash('md5'), createHash('sha256')]
  const start = performance.now()
  for (let done = 0; done < bytes; done += piece.length) {
    for (const digest of digests) digest.update(piece)
  }
  for (const digest of digests) digest.digest()
  return bytes / MIB / ((performance.now() - start) / 1000)
}

/** MiB a second into one file, synced at its end. */
export function writtenMibPerSecond(folder: string, bytes: number): number {
  const path = join(folder, 'floor-file')
  const piece = randomBytes(MIB)
  const start = performance.now()
  const file = openSync(path, 'wx')
  for (let done = 0; done < bytes; done += piece.length) writeSync(file, piece)
  fsyncSync(file)
  closeSync(file)
  const rate = bytes / MIB / ((performance.now() - start) / 1000)
  rmSync(path)
  return rate
}
