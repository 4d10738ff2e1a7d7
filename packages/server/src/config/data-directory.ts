/**
 * The data directory: made at the first start for its owner only, and looked at before anything in it is opened. What is half
 * there, was put there by somebody else, or can be read by others is refused with what to do; nothing is made up in its place.
 */
import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { ConfigError } from '../config.ts'
import { MASTER_KEY_FILE } from './master-key-file.ts'
import { codeOf, isReadableByOthers, syncDirectory } from './private-files.ts'

const BLOBS = 'blobs'
/** Says which snapshot of a backup is being restored into the directory, until it is. */
export const RESTORING_FILE = 'restoring'
/** Of blobs. Made here, so that a link in place of one of them is met before anything is written or cleared away. */
const FOLDERS = [BLOBS, join(BLOBS, 'tmp')] as const
/** What the file system puts into a directory of its own accord. */
const NOT_OURS: ReadonlySet<string> = new Set(['lost+found'])
const SQLITE_FILES = ['', '-wal', '-shm'] as const

export interface DirectoryOptions {
  /** Blobs lie in it, not in an object store. */
  readonly holdsBlobs?: boolean
  readonly sync?: (path: string) => void
}

/** Makes what is missing, with mode 0700. Throws `ConfigError` if the directory cannot be used. */
export function prepareDataDirectory(
  dataDir: string,
  { holdsBlobs = true, sync = syncDirectory }: DirectoryOptions = {},
): void {
  try {
    const created = mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    requirePrivate(dataDir, created !== undefined)
    const folders = holdsBlobs ? FOLDERS : []
    for (const folder of folders) makeFolder(join(dataDir, folder))
    // Also of folders that were there: who made them may have crashed before their names were durable.
    for (const folder of folders.toReversed()) sync(dirname(join(dataDir, folder)))
    syncParents(dataDir, created ?? null, sync)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError([`The data directory ${dataDir} cannot be made (${codeOf(error)}).`])
  }
}

/** The catalog that goes with the directory. */
export interface CatalogPlace {
  /** As the person who starts the server knows it. */
  readonly name: string
  /** Somebody has begun one there before. */
  readonly isThere: boolean
  /** The master key comes from a setting. */
  readonly isKeyElsewhere?: boolean
}

/**
 * Throws `ConfigError` for a directory that lacks what it must have: files without their catalog, a catalog without the key that
 * opens its secrets. Half of a backup must not start as a new server.
 */
export function requireWholeData(
  dataDir: string,
  { name, isThere, isKeyElsewhere = false }: CatalogPlace,
): void {
  if (find(join(dataDir, RESTORING_FILE)) !== null) {
    throw new ConfigError([
      `A restore into ${dataDir} did not finish. Run hallpass restore again: it goes on where it was.`,
    ])
  }
  const masterKey = join(dataDir, MASTER_KEY_FILE)
  if (isThere && !isKeyElsewhere && find(masterKey) === null) {
    throw new ConfigError([
      `${name} is there and ${masterKey} is not: no secret in the catalog can be opened without the key it was made with. Restore master.key from a backup, or set HALLPASS_MASTER_KEY. To begin anew, move the catalog and ${join(dataDir, BLOBS)} away.`,
    ])
  }
  if (!isThere && hasBlobs(join(dataDir, BLOBS))) {
    throw new ConfigError([
      `${join(dataDir, BLOBS)} holds files and ${name} is not there: nobody can tell what they are. Restore the catalog from a backup, or set HALLPASS_DATABASE_URL to where it is. To begin anew, choose another data directory.`,
    ])
  }
}

/** The same for a catalog in a file. */
export function requireWholeFile(
  dataDir: string,
  catalogPath: string,
  isKeyElsewhere = false,
): void {
  const isThere = (find(catalogPath)?.size ?? 0) > 0
  if (!isThere && (find(`${catalogPath}-wal`)?.size ?? 0) > 0) {
    throw new ConfigError([
      `${catalogPath}-wal is there and ${catalogPath} is not: the newest changes would be lost. Restore ${catalogPath} from a backup.`,
    ])
  }
  requireWholeData(dataDir, { name: catalogPath, isThere, isKeyElsewhere })
  for (const suffix of SQLITE_FILES) requirePrivateFile(`${catalogPath}${suffix}`)
}

/** A directory that a person made and that is still empty becomes private; of any other the mode is its owner's business. */
function requirePrivate(dataDir: string, isNew: boolean): void {
  if (process.platform === 'win32') return
  // The umask may have taken bits away from a new one.
  if (isNew || (isReadableByOthers(statSync(dataDir)) && isEmpty(dataDir))) {
    chmodSync(dataDir, 0o700)
  }
  if (isReadableByOthers(statSync(dataDir))) {
    throw new ConfigError([
      `The data directory ${dataDir} can be read by others: run chmod 700 ${dataDir}, or choose a directory inside it.`,
    ])
  }
}

function requirePrivateFile(path: string): void {
  const found = find(path)
  if (found === null) return
  if (!found.isFile()) {
    throw new ConfigError([`${path} is not a file: the server follows no link out of its data.`])
  }
  if (isReadableByOthers(found)) {
    throw new ConfigError([
      `${path} can be read by others: run chmod 600 ${path}. It holds small files as they are; whoever could read it may have them.`,
    ])
  }
}

function isEmpty(path: string): boolean {
  return readdirSync(path).every((name) => NOT_OURS.has(name))
}

function makeFolder(path: string): void {
  const found = find(path)
  if (found === null) {
    mkdirSync(path, { mode: 0o700 })
  } else if (!found.isDirectory()) {
    throw new ConfigError([
      `${path} is not a folder but a link or a file: what it leads to would be written to and cleared away. Put a folder in its place; to keep files on another disk, mount it there or move the whole data directory.`,
    ])
  }
}

/** True as soon as one file is found where blobs lie. */
function hasBlobs(path: string): boolean {
  if (find(path)?.isDirectory() !== true) return false
  return readdirSync(path, { withFileTypes: true }).some((entry) => {
    if (entry.name === 'tmp' || NOT_OURS.has(entry.name)) return false
    return !entry.isDirectory() || hasBlobs(join(path, entry.name))
  })
}

/** The names of the directories that were made, each in the one above; of a directory that was there, its own. */
function syncParents(dataDir: string, created: string | null, sync: (path: string) => void): void {
  const last = dirname(resolve(created ?? dataDir))
  for (let path = dirname(resolve(dataDir)); ; path = dirname(path)) {
    try {
      sync(path)
    } catch (error) {
      // A directory that others made may be one that may only be passed through; its names are theirs to keep.
      if (created !== null || !['EACCES', 'EPERM'].includes(codeOf(error))) throw error
    }
    if (path === last || path === dirname(path)) return
  }
}

function find(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null
}
