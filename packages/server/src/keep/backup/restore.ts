/**
 * Makes a service of a backup, in an empty data directory and an empty database. Every byte is compared with what it hashed to. The
 * catalog comes last, in one transaction: until then no server starts there, and whoever calls again goes on.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { hashBlobOrNull } from '../../blobs/hash-blob.ts'
import { RESTORING_FILE } from '../../config/data-directory.ts'
import { syncDirectory } from '../../config/private-files.ts'
import { createId } from '../../platform/ids.ts'
import { storeConflict, storeCorrupt } from '../../platform/store-errors.ts'
import { emptyCatalog, readCatalog } from '../catalog-lines.ts'
import { copyBlobs } from '../copy-blobs.ts'
import { inParallel } from '../in-parallel.ts'
import { becomeInstallation, installationOf } from '../installation.ts'
import { readLines, requireFile } from '../lines.ts'
import { markLost } from '../mark-lost.ts'
import type { OnProgress, Service } from '../service.ts'
import { NEWEST_SCHEMA, hasNothing } from '../standing-catalog.ts'
import { wantedOf } from '../wanted-blobs.ts'
import type { WantedBlob } from '../wanted-blobs.ts'
import { writeDurably } from '../write-durably.ts'
import type { BackupFiles } from './backup-files.ts'
import { BLOBS_FILE, CATALOG_FILE, KEY_FILE, openBackupFolder, readAll } from './backup-folder.ts'
import type { BackupFolder, Manifest } from './backup-folder.ts'

export interface RestoreOptions {
  readonly files: BackupFiles
  /** `null`: the newest whole one. */
  readonly snapshot: string | null
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
}

export interface Restored {
  readonly snapshot: string
  readonly manifest: Manifest
  /** The backup held the master key, and it is where the server looks for it. */
  readonly hasMasterKey: boolean
}

const AT_ONCE = 16

/** Throws a StoreError: of what is damaged, of what is not empty. */
export async function restore(service: Service, options: RestoreOptions): Promise<Restored> {
  const found = await findSnapshot(options)
  const unlock = await service.lock()
  try {
    await requireRoomFor(service, found)
    await requireWhole(found)
    await takePlace(service, found)
    await bringBlobs(service, found, options)
    const hasMasterKey = await bringMasterKey(service, found)
    await bringCatalog(service, found, options)
    rmSync(join(service.dataDir, RESTORING_FILE))
    syncDirectory(service.dataDir)
    return { snapshot: found.snapshot, manifest: found.manifest, hasMasterKey }
  } finally {
    unlock()
  }
}

export interface Checked {
  readonly snapshot: string
  readonly manifest: Manifest
  /** Blobs that are missing or have other bytes by now. */
  readonly faulty: readonly string[]
}

/** Reads every byte of a backup and writes nothing. Throws a StoreError if its catalog is damaged. */
export async function checkBackup(options: RestoreOptions): Promise<Checked> {
  const found = await findSnapshot(options)
  const { files, snapshot, manifest } = found
  await requireWhole(found)
  await readCatalogLines(found)
  const faulty: string[] = []
  let done = 0
  const read = inParallel(blobsOf(found), AT_ONCE, async ({ contentId, size, sha256 }) => {
    options.signal.throwIfAborted()
    const hashed = await hashBlobOrNull(files.blobs, contentId, options)
    return { contentId, isWhole: hashed?.size === size && hashed.sha256 === sha256 }
  })
  for await (const { contentId, isWhole } of read) {
    if (!isWhole) faulty.push(contentId)
    done += 1
    options.onProgress({ what: 'blobs', done, of: manifest.blobs.count })
  }
  return { snapshot, manifest, faulty }
}

interface Found {
  readonly files: BackupFiles
  readonly folder: BackupFolder
  readonly snapshot: string
  readonly manifest: Manifest
}

async function findSnapshot({ files, snapshot: asked }: RestoreOptions): Promise<Found> {
  const folder = await openBackupFolder(files, false)
  const whole = await folder.snapshots()
  const snapshot = asked ?? whole.at(-1)
  if (snapshot === undefined) {
    throw storeConflict(
      `${files.name} has no whole backup: the one that was begun was cut off. Run hallpass backup again.`,
    )
  }
  if (!whole.includes(snapshot)) {
    throw storeConflict(
      `${files.name} has no snapshot ${basename(snapshot)}. Whole ones are ${whole.join(', ') || 'none'}.`,
    )
  }
  const manifest = await folder.manifest(snapshot)
  if (manifest.schema > NEWEST_SCHEMA) {
    throw storeConflict(
      `The backup was made by Hallpass ${manifest.version}, whose catalog has schema ${manifest.schema}; this version knows ${NEWEST_SCHEMA}. Use a newer Hallpass.`,
    )
  }
  return { files, folder, snapshot, manifest }
}

/** Nothing is there, or what an earlier call of the same left. */
async function requireRoomFor(service: Service, { snapshot, manifest }: Found): Promise<void> {
  const mark = join(service.dataDir, RESTORING_FILE)
  if (existsSync(mark)) {
    const before = readFileSync(mark, 'utf8').trim()
    if (before === snapshot) return
    throw storeConflict(
      `${service.dataDir} holds part of the snapshot ${before}, whose restore did not finish. Go on with it (--snapshot ${before}), or choose an empty directory.`,
    )
  }
  if (!(await isEmptyService(service))) {
    throw storeConflict(
      `${service.dataDir}, ${service.name} and where files lie must be empty, and are not. Choose another --data-dir, and another --database-url and --blobs if they are set.`,
    )
  }
  const schema = (await service.rows.version()) ?? 0
  if (schema > manifest.schema) {
    throw storeConflict(
      `${service.name} has schema ${schema} already and the snapshot has ${manifest.schema}: a step never goes back. Choose a database, or a --data-dir, in which no Hallpass was.`,
    )
  }
  await writeDurably(mark, `${snapshot}\n`)
}

async function isEmptyService({ rows, blobs }: Service): Promise<boolean> {
  for await (const _ of blobs.list()) return false
  return hasNothing(rows)
}

/** Nobody else takes the place for theirs from then on. */
async function takePlace({ rows, blobPlace, random }: Service, { manifest }: Found): Promise<void> {
  if (!(await isFilled(rows, manifest))) await rows.migrate(manifest.schema)
  const catalog = await rows.open()
  try {
    const standing = await catalog.read(installationOf)
    const id = standing ?? createId(random, 'installation_')
    await catalog.change((session) => becomeInstallation(session, id, blobPlace.name))
    await blobPlace.mark(id)
  } finally {
    await catalog.close()
  }
}

/** Above its schema, a call before this one has filled the catalog and brought it up. */
async function isFilled(rows: Service['rows'], { schema }: Manifest): Promise<boolean> {
  return ((await rows.version()) ?? 0) > schema
}

async function requireWhole(found: Found): Promise<void> {
  for (const [file, written] of [
    [CATALOG_FILE, found.manifest.catalog],
    [BLOBS_FILE, found.manifest.blobs],
  ] as const) {
    const path = found.folder.path(found.snapshot, file)
    await requireFile(`${path} in ${found.files.name}`, found.files.read(path), written)
  }
}

function linesOf({ files, folder, snapshot }: Found, file: string): AsyncGenerator {
  return readLines(files.read(folder.path(snapshot, file)))
}

async function* blobsOf(found: Found): AsyncGenerator<WantedBlob> {
  for await (const line of linesOf(found, BLOBS_FILE)) yield wantedOf(line as readonly unknown[])
}

/** That it is packed text of JSON to its end. */
async function readCatalogLines(found: Found): Promise<void> {
  let last: unknown = null
  for await (const line of linesOf(found, CATALOG_FILE)) last = line
  if (typeof last === 'object' && last !== null && 'end' in last) return
  throw storeCorrupt('The catalog of the backup was cut off.')
}

async function bringBlobs(
  service: Service,
  found: Found,
  { onProgress, signal }: RestoreOptions,
): Promise<void> {
  // What an earlier call left that was killed: its name stands in the way.
  await service.blobs.removeLeftovers(service.clock.now())
  const lost: string[] = []
  let done = 0
  const options = { from: found.files.blobs, to: service.blobs, signal, comparesTarget: true }
  for await (const { wanted, copied } of copyBlobs(blobsOf(found), options)) {
    if (copied.outcome === 'damaged') lost.push(wanted.contentId)
    done += 1
    onProgress({ what: 'blobs', done, of: found.manifest.blobs.count })
  }
  if (lost.length === 0) return
  throw storeCorrupt(
    `${lost.length} blobs of the backup are missing or are not what was written, ${lost[0]} among them. Bring them back from a copy of the backup, or restore another snapshot.`,
  )
}

async function bringMasterKey(
  { masterKeyFile }: Service,
  { files, folder, snapshot, manifest }: Found,
): Promise<boolean> {
  if (manifest.masterKey === null || masterKeyFile === null) return false
  const path = folder.path(snapshot, KEY_FILE)
  await requireFile(`${path} in ${files.name}`, files.read(path), manifest.masterKey)
  if (!existsSync(masterKeyFile)) await writeDurably(masterKeyFile, await readAll(files.read(path)))
  return true
}

async function bringCatalog(
  service: Service,
  found: Found,
  options: RestoreOptions,
): Promise<void> {
  if (!(await isFilled(service.rows, found.manifest))) await fillCatalog(service, found, options)
  // Brings the schema up, and ends what was under way when the backup was made.
  const catalog = await service.open()
  try {
    await catalog.grants.abandonReadings(null, service.clock.now())
  } finally {
    await catalog.close()
  }
}

async function fillCatalog(
  service: Service,
  found: Found,
  { onProgress }: RestoreOptions,
): Promise<void> {
  const rows = await service.rows.open()
  try {
    await rows.change(async (session) => {
      await emptyCatalog(session)
      await readCatalog(session, linesOf(found, CATALOG_FILE), onProgress)
      await markLost(session, found.manifest.damaged, service.clock.now())
    })
  } finally {
    await rows.close()
  }
}
