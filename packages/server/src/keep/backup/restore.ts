/**
 * Makes a service of a backup, in an empty data directory and an empty database. Every byte is compared with what it hashed to. The
 * catalog comes last, in one transaction: until then no server starts there, and whoever calls again goes on.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { BlobStore } from '../../blobs/blob-store.ts'
import { hashBlobOrNull } from '../../blobs/hash-blob.ts'
import { MIGRATIONS } from '../../catalog/migrations/all.ts'
import type { RowCatalogPlace } from '../../catalog/rows/row-catalog.ts'
import { RESTORING_FILE } from '../../config/data-directory.ts'
import { syncDirectory } from '../../config/private-files.ts'
import { storeConflict, storeCorrupt } from '../../platform/store-errors.ts'
import { emptyCatalog, isEmptyCatalog, readCatalog } from '../catalog-lines.ts'
import { copyBlob } from '../copy-blob.ts'
import { inParallel } from '../in-parallel.ts'
import { readLines, requireFile } from '../lines.ts'
import { markLost } from '../mark-lost.ts'
import type { OnProgress, Service } from '../service.ts'
import { wantedOf } from './back-up.ts'
import {
  BLOBS_FILE,
  CATALOG_FILE,
  KEY_FILE,
  openBackupFolder,
  writeDurably,
} from './backup-folder.ts'
import type { BackupFolder, Manifest } from './backup-folder.ts'

export interface RestoreOptions {
  readonly folder: string
  /** `null`: the newest whole one. */
  readonly snapshot: string | null
  readonly openBlobs: (directory: string) => BlobStore
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
  const found = findSnapshot(options)
  const unlock = await service.lock()
  try {
    await requireRoomFor(service, found)
    await requireWhole(found)
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
  const found = findSnapshot(options)
  const { folder, snapshot, manifest } = found
  await requireWhole(found)
  await readCatalogLines(found)
  const blobs = options.openBlobs(folder.blobs)
  const faulty: string[] = []
  let done = 0
  try {
    const read = inParallel(readLines(folder.path(snapshot, BLOBS_FILE)), AT_ONCE, async (line) => {
      options.signal.throwIfAborted()
      const { contentId, size, sha256 } = wantedOf(line as readonly unknown[])
      const hashed = await hashBlobOrNull(blobs, contentId, options)
      return { contentId, isWhole: hashed?.size === size && hashed.sha256 === sha256 }
    })
    for await (const { contentId, isWhole } of read) {
      if (!isWhole) faulty.push(contentId)
      done += 1
      options.onProgress({ what: 'blobs', done, of: manifest.blobs.count })
    }
  } finally {
    await blobs.close()
  }
  return { snapshot, manifest, faulty }
}

interface Found {
  readonly folder: BackupFolder
  readonly snapshot: string
  readonly manifest: Manifest
}

function findSnapshot({ folder: path, snapshot: asked }: RestoreOptions): Found {
  const folder = openBackupFolder(path, false)
  const whole = folder.snapshots()
  const snapshot = asked ?? whole.at(-1)
  if (snapshot === undefined) {
    throw storeConflict(
      `${path} has no whole backup: the one that was begun was cut off. Run hallpass backup again.`,
    )
  }
  if (!whole.includes(snapshot)) {
    throw storeConflict(
      `${path} has no snapshot ${basename(snapshot)}. Whole ones are ${whole.join(', ') || 'none'}.`,
    )
  }
  const manifest = folder.manifest(snapshot)
  const newest = MIGRATIONS.at(-1)?.version ?? 0
  if (manifest.schema > newest) {
    throw storeConflict(
      `The backup was made by Hallpass ${manifest.version}, whose catalog has schema ${manifest.schema}; this version knows ${newest}. Use a newer Hallpass.`,
    )
  }
  return { folder, snapshot, manifest }
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
      `${service.dataDir} and ${service.name} must be empty, and are not. Choose another --data-dir, and another --database-url if one is set.`,
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

/** Whether there is no catalog, or one in which nothing was ever kept. */
export async function hasNothing(rows: RowCatalogPlace): Promise<boolean> {
  if ((await rows.version()) === null) return true
  const catalog = await rows.open()
  try {
    return await catalog.read(isEmptyCatalog)
  } finally {
    await catalog.close()
  }
}

async function requireWhole({ folder, snapshot, manifest }: Found): Promise<void> {
  await requireFile(folder.path(snapshot, CATALOG_FILE), manifest.catalog)
  await requireFile(folder.path(snapshot, BLOBS_FILE), manifest.blobs)
}

/** That it is packed text of JSON to its end. */
async function readCatalogLines({ folder, snapshot }: Found): Promise<void> {
  let last: unknown = null
  for await (const line of readLines(folder.path(snapshot, CATALOG_FILE))) last = line
  if (typeof last === 'object' && last !== null && 'end' in last) return
  throw storeCorrupt('The catalog of the backup was cut off.')
}

async function bringBlobs(
  service: Service,
  { folder, snapshot, manifest }: Found,
  { openBlobs, onProgress, signal }: RestoreOptions,
): Promise<void> {
  const from = openBlobs(folder.blobs)
  // What an earlier call left that was killed: its name stands in the way.
  await service.blobs.removeLeftovers(service.clock.now())
  const lost: string[] = []
  let done = 0
  try {
    const options = { from, to: service.blobs, signal, comparesTarget: true }
    const brought = inParallel(
      readLines(folder.path(snapshot, BLOBS_FILE)),
      AT_ONCE,
      async (line) => {
        signal.throwIfAborted()
        const wanted = wantedOf(line as readonly unknown[])
        return { wanted, copied: await copyBlob(wanted, options) }
      },
    )
    for await (const { wanted, copied } of brought) {
      if (copied.outcome === 'damaged') lost.push(wanted.contentId)
      done += 1
      onProgress({ what: 'blobs', done, of: manifest.blobs.count })
    }
  } finally {
    await from.close()
  }
  if (lost.length === 0) return
  throw storeCorrupt(
    `${lost.length} blobs of the backup are missing or are not what was written, ${lost[0]} among them. Bring them back from a copy of the backup, or restore another snapshot.`,
  )
}

async function bringMasterKey(
  { masterKeyFile }: Service,
  { folder, snapshot, manifest }: Found,
): Promise<boolean> {
  if (manifest.masterKey === null || masterKeyFile === null) return false
  const path = folder.path(snapshot, KEY_FILE)
  await requireFile(path, manifest.masterKey)
  if (!existsSync(masterKeyFile)) await writeDurably(masterKeyFile, readFileSync(path))
  return true
}

async function bringCatalog(
  service: Service,
  found: Found,
  options: RestoreOptions,
): Promise<void> {
  // Above it, a call before this one has filled it and brought the schema up.
  const isFilled = ((await service.rows.version()) ?? 0) > found.manifest.schema
  if (!isFilled) await fillCatalog(service, found, options)
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
  { folder, snapshot, manifest }: Found,
  { onProgress }: RestoreOptions,
): Promise<void> {
  await service.rows.migrate(manifest.schema)
  const rows = await service.rows.open()
  try {
    await rows.change(async (session) => {
      await emptyCatalog(session)
      await readCatalog(session, readLines(folder.path(snapshot, CATALOG_FILE)), onProgress)
      await markLost(session, manifest.damaged, service.clock.now())
    })
  } finally {
    await rows.close()
  }
}
