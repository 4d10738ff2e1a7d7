/**
 * Where backups lie: one folder with the blobs of all of them, each once, and a folder for each snapshot. A snapshot is whole if it has
 * its manifest, which is put there last; whatever was cut off has none.
 *
 *     hallpass-backup.json                 says what the folder is
 *     blobs/<x>/<y>/<id>                   as a blob store has them: in an object store blobs/<xy>/<id>
 *     snapshots/<time>/catalog.jsonl.gz    every row of the catalog
 *     snapshots/<time>/blobs.jsonl.gz      [id, size, SHA-256] of every blob that the catalog names
 *     snapshots/<time>/master.key          only if it was asked for
 *     snapshots/<time>/manifest.json       what these files hash to; last
 */
import { createHash } from 'node:crypto'
import { storeConflict, storeCorrupt } from '../../platform/store-errors.ts'
import type { WrittenFile } from '../lines.ts'
import type { BackupFiles } from './backup-files.ts'

export const BACKUP_FORMAT = 1
const MARK = 'hallpass-backup.json'
const SNAPSHOTS = 'snapshots'
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
  /** Whole ones, the oldest first. */
  snapshots(): Promise<readonly string[]>
  /** A name for one; a moment that another has already is put off. */
  begin(takenAt: Date): Promise<string>
  path(snapshot: string, file: string): string
  /** From then on the snapshot is one. */
  finish(snapshot: string, manifest: Manifest): Promise<void>
  /** Throws a StoreError if there is none, or it is not what was written. */
  manifest(snapshot: string): Promise<Manifest>
  /** Removes what was cut off more than a day ago; whoever is at it has begun later. */
  removeCutOff(now: Date): Promise<void>
}

/** Throws a StoreConflict for a folder that holds anything else. Makes one if it is to be written to. */
export async function openBackupFolder(
  files: BackupFiles,
  mayMake: boolean,
): Promise<BackupFolder> {
  if (!(await files.has(MARK))) await makeFolder(files, mayMake)
  await requireFormat(files)
  const pathOf = (snapshot: string, file: string): string => `${SNAPSHOTS}/${snapshot}/${file}`
  const isWhole = (snapshot: string): Promise<boolean> => files.has(pathOf(snapshot, MANIFEST))
  const every = async (): Promise<string[]> => [...(await files.folders(SNAPSHOTS))].toSorted()
  return {
    async snapshots() {
      const whole: string[] = []
      for (const snapshot of await every()) if (await isWhole(snapshot)) whole.push(snapshot)
      return whole
    },
    async begin(takenAt) {
      const taken = await every()
      for (let at = takenAt.getTime(); ; at += 1) {
        const name = nameOf(new Date(at))
        if (!taken.includes(name)) return name
      }
    },
    path: pathOf,
    finish: (snapshot, manifest) =>
      files.write(pathOf(snapshot, MANIFEST), textOf(formatManifest(manifest))),
    manifest: (snapshot) => readManifest(files, pathOf(snapshot, MANIFEST)),
    async removeCutOff(now) {
      const before = nameOf(new Date(now.getTime() - CUT_OFF_AFTER_MS))
      for (const snapshot of await every()) {
        if (snapshot >= before || (await isWhole(snapshot))) continue
        await files.removeFolder(`${SNAPSHOTS}/${snapshot}`)
      }
    },
  }
}

const CUT_OFF_AFTER_MS = 24 * 3600 * 1000

function nameOf(moment: Date): string {
  return moment.toISOString().replaceAll(/[:.]/g, '-')
}

async function makeFolder(files: BackupFiles, mayMake: boolean): Promise<void> {
  const isEmpty = await files.isEmpty()
  if (!mayMake) {
    const what = isEmpty ? 'is empty or not there' : 'holds no backup of Hallpass'
    throw storeConflict(`${files.name} ${what}. Name what was given to hallpass backup.`)
  }
  if (!isEmpty) {
    throw storeConflict(
      `${files.name} holds something else. Name a place that is empty, or one that has backups already.`,
    )
  }
  await files.write(MARK, textOf(`${JSON.stringify({ format: BACKUP_FORMAT, of: 'hallpass' })}\n`))
}

async function requireFormat(files: BackupFiles): Promise<void> {
  const said = await readJson(files, MARK)
  const format = typeof said === 'object' && said !== null && 'format' in said ? said.format : null
  if (format === BACKUP_FORMAT) return
  throw storeConflict(
    `${MARK} in ${files.name} says that the backup has format ${String(format)}; this version of Hallpass knows ${BACKUP_FORMAT}. Use a newer Hallpass.`,
  )
}

/** The manifest says what it hashes to itself: one that was cut off or changed is none. */
function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify({ ...manifest, sha256: sealOf(manifest) }, null, 2)}\n`
}

async function readManifest(files: BackupFiles, path: string): Promise<Manifest> {
  const said = await readJson(files, path)
  if (typeof said === 'object' && said !== null && 'sha256' in said) {
    const { sha256, ...manifest } = said as Manifest & { readonly sha256: unknown }
    if (sha256 === sealOf(manifest)) return manifest
  }
  throw storeCorrupt(`${path} in ${files.name} is not what was written. Choose another snapshot.`)
}

function sealOf(manifest: Manifest): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex')
}

async function readJson(files: BackupFiles, path: string): Promise<unknown> {
  const text = (await readAll(files.read(path))).toString('utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw storeCorrupt(`${path} in ${files.name} is not what was written.`, error)
  }
}

/** Of small files. */
export async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** A small file's body. */
export async function* textOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(typeof text === 'string' ? Buffer.from(text) : text)
}
