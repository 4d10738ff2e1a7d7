/**
 * Where backups lie: one folder with the blobs of all of them, each once, and a folder for each snapshot. A snapshot is whole if it has
 * its manifest, which is put there last; whatever was cut off has none.
 *
 *     hallpass-backup.json                 says what the folder is
 *     blobs/<x>/<y>/<id>                   as a blob store on a disk has them
 *     snapshots/<time>/catalog.jsonl.gz    every row of the catalog
 *     snapshots/<time>/blobs.jsonl.gz      [id, size, SHA-256] of every blob that the catalog names
 *     snapshots/<time>/master.key          only if it was asked for
 *     snapshots/<time>/manifest.json       what these files hash to; last
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  writeSync,
} from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncDirectory } from '../../config/private-files.ts'
import { storeConflict, storeCorrupt, storeUnavailable } from '../../platform/store-errors.ts'
import type { WrittenFile } from '../lines.ts'

export const BACKUP_FORMAT = 1
const MARK = 'hallpass-backup.json'
const MANIFEST = 'manifest.json'
export const CATALOG_FILE = 'catalog.jsonl.gz'
export const BLOBS_FILE = 'blobs.jsonl.gz'
export const KEY_FILE = 'master.key'

export interface Manifest {
  readonly format: number
  /** ISO 8601: the moment whose state it is. */
  readonly takenAt: string
  /** Of Hallpass, and of the schema of the catalog. */
  readonly version: string
  readonly schema: number
  readonly catalog: WrittenFile
  readonly rows: Readonly<Record<string, number>>
  readonly blobs: WrittenFile & { readonly count: number; readonly size: number }
  /** Ids of blobs that could not be backed up, because they are missing or are not what they were. */
  readonly damaged: readonly string[]
  readonly masterKey: WrittenFile | null
}

export interface BackupFolder {
  readonly blobs: string
  /** Whole ones, the oldest first. */
  snapshots(): readonly string[]
  /** Makes the folder of one; a moment that another has already is put off. */
  begin(takenAt: Date): string
  path(snapshot: string, file: string): string
  /** From then on the snapshot is one. */
  finish(snapshot: string, manifest: Manifest): Promise<void>
  /** Throws a StoreError if there is none, or it is not what was written. */
  manifest(snapshot: string): Manifest
  /** Removes what was cut off more than a day ago; whoever is at it has begun later. */
  removeCutOff(now: Date): Promise<void>
}

/** Throws a StoreConflict for a folder that holds anything else. Makes one if it is to be written to. */
export function openBackupFolder(path: string, mayMake: boolean): BackupFolder {
  const mark = join(path, MARK)
  if (!existsSync(mark)) makeFolder(path, mark, mayMake)
  requireFormat(mark)
  const all = join(path, 'snapshots')
  const isWhole = (name: string): boolean => existsSync(join(all, name, MANIFEST))
  return {
    blobs: join(path, 'blobs'),
    snapshots: () => namesIn(all).filter(isWhole).toSorted(),
    begin(takenAt) {
      for (let at = takenAt.getTime(); ; at += 1) {
        const name = new Date(at).toISOString().replaceAll(/[:.]/g, '-')
        if (existsSync(join(all, name))) continue
        mkdirSync(join(all, name), { mode: 0o700 })
        syncDirectory(all)
        return name
      }
    },
    path: (snapshot, file) => join(all, snapshot, file),
    finish: (snapshot, manifest) => {
      syncDirectory(join(all, snapshot))
      return writeDurably(join(all, snapshot, MANIFEST), formatManifest(manifest))
    },
    manifest: (snapshot) => parseManifest(join(all, snapshot, MANIFEST)),
    async removeCutOff(now) {
      const before = new Date(now.getTime() - CUT_OFF_AFTER_MS)
        .toISOString()
        .replaceAll(/[:.]/g, '-')
      for (const name of namesIn(all)) {
        if (isWhole(name) || name >= before) continue
        await rm(join(all, name), { recursive: true, force: true })
      }
    },
  }
}

const CUT_OFF_AFTER_MS = 24 * 3600 * 1000

function namesIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

function makeFolder(path: string, mark: string, mayMake: boolean): void {
  const holds = existsSync(path) ? readdirSync(path).filter((name) => name !== 'lost+found') : []
  if (holds.length > 0 || !mayMake) {
    const what = existsSync(path) ? 'holds no backup of Hallpass' : 'is not there'
    throw storeConflict(
      mayMake
        ? `${path} holds something else. Name an empty folder, or one that has backups already.`
        : `${path} ${what}. Name the folder that was given to hallpass backup.`,
    )
  }
  mkdirSync(join(path, 'snapshots'), { recursive: true, mode: 0o700 })
  mkdirSync(join(path, 'blobs'), { recursive: true, mode: 0o700 })
  syncDirectory(dirname(path))
  writeNew(mark, `${JSON.stringify({ format: BACKUP_FORMAT, of: 'hallpass' })}\n`)
  syncDirectory(path)
}

function requireFormat(mark: string): void {
  const said = readJson(mark)
  const format = typeof said === 'object' && said !== null && 'format' in said ? said.format : null
  if (format === BACKUP_FORMAT) return
  throw storeConflict(
    `${mark} says that the backup has format ${String(format)}; this version of Hallpass knows ${BACKUP_FORMAT}. Use a newer Hallpass.`,
  )
}

/** The manifest says what it hashes to itself: one that was cut off or changed is none. */
function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify({ ...manifest, sha256: sealOf(manifest) }, null, 2)}\n`
}

function parseManifest(path: string): Manifest {
  const said = readJson(path)
  if (typeof said === 'object' && said !== null && 'sha256' in said) {
    const { sha256, ...manifest } = said as Manifest & { readonly sha256: unknown }
    if (sha256 === sealOf(manifest)) return manifest
  }
  throw storeCorrupt(`${path} is not what was written. Choose another snapshot.`)
}

function sealOf(manifest: Manifest): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex')
}

function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw storeUnavailable(`${path} cannot be read.`, error)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw storeCorrupt(`${path} is not what was written.`, error)
  }
}

/** Under another name first, so that the file is whole as soon as it is there. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.part`
  await rm(draft, { force: true })
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  syncDirectory(dirname(path))
}

function writeNew(path: string, text: string): void {
  const descriptor = openSync(path, 'wx', 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
