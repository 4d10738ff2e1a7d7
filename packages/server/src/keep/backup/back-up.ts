/**
 * Makes a backup of a running service, or of one that stands still. First the state of the catalog at one moment, then every blob that
 * it names, which no sweep takes away meanwhile; blobs that earlier backups brought are left where they are.
 */
import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import type { BlobStore } from '../../blobs/blob-store.ts'
import { MIGRATIONS } from '../../catalog/migrations/all.ts'
import type { RowSession } from '../../catalog/rows/row-catalog.ts'
import { storeConflict } from '../../platform/store-errors.ts'
import { writeCatalog } from '../catalog-lines.ts'
import { copyBlob } from '../copy-blob.ts'
import type { WantedBlob } from '../copy-blob.ts'
import { holdSweep } from '../hold-sweep.ts'
import type { SweepHold } from '../hold-sweep.ts'
import { inParallel } from '../in-parallel.ts'
import { readLines, writeLines } from '../lines.ts'
import type { WrittenFile } from '../lines.ts'
import type { OnProgress, Service } from '../service.ts'
import {
  BACKUP_FORMAT,
  BLOBS_FILE,
  CATALOG_FILE,
  KEY_FILE,
  openBackupFolder,
  writeDurably,
} from './backup-folder.ts'
import type { BackupFolder, Manifest } from './backup-folder.ts'

export interface BackUpOptions {
  readonly service: Service
  readonly folder: string
  readonly openBlobs: (directory: string) => BlobStore
  readonly version: string
  readonly withMasterKey: boolean
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
}

export interface BackedUp {
  readonly snapshot: string
  readonly manifest: Manifest
  /** Blobs that no earlier backup had brought, and their bytes. */
  readonly added: number
  readonly addedBytes: number
}

const AT_ONCE = 8
const WANTED_FILE = 'wanted.jsonl.gz'

/** Throws a StoreError; what was begun is no backup then. */
export async function backUp(options: BackUpOptions): Promise<BackedUp> {
  const { service, withMasterKey } = options
  if (withMasterKey && service.masterKeyFile === null) {
    throw storeConflict(
      'The master key comes from HALLPASS_MASTER_KEY or HALLPASS_MASTER_KEY_COMMAND, so that no file has it. Leave --with-master-key out, and keep the key where it is kept now.',
    )
  }
  const folder = openBackupFolder(options.folder, true)
  await folder.removeCutOff(new Date(service.clock.now()))
  await requireSchema(service)
  const catalog = await service.open()
  try {
    const hold = await holdSweep({ ...service, processes: catalog.processes })
    try {
      return await takeSnapshot(options, folder, hold)
    } finally {
      await hold.release()
    }
  } finally {
    await catalog.close()
  }
}

/** Opening it would bring it up, under a server of the version before. */
export async function requireSchema({ rows, name }: Service): Promise<void> {
  const version = await rows.version()
  const newest = MIGRATIONS.at(-1)?.version ?? 0
  if (version === null) {
    throw storeConflict(`${name} is no catalog of Hallpass. Check --data-dir and --database-url.`)
  }
  if (version === newest) return
  throw storeConflict(
    `The catalog ${name} has schema ${version}; this version of Hallpass has ${newest}. Use the hallpass of the version that serves it, or bring it up with hallpass migrate.`,
  )
}

async function takeSnapshot(
  options: BackUpOptions,
  folder: BackupFolder,
  hold: SweepHold,
): Promise<BackedUp> {
  const { service, version } = options
  const takenAt = new Date(service.clock.now())
  const snapshot = folder.begin(takenAt)
  const state = await writeState(options, (file) => folder.path(snapshot, file))
  const blobs = await bringBlobs(options, { folder, snapshot, wanted: state.wanted, hold })
  const masterKey = await keepMasterKey(options, folder.path(snapshot, KEY_FILE))
  hold.requireHeld()
  const manifest: Manifest = {
    format: BACKUP_FORMAT,
    takenAt: takenAt.toISOString(),
    version,
    schema: state.schema,
    catalog: state.catalog,
    rows: state.rows,
    blobs: { ...blobs.file, count: blobs.count, size: blobs.size },
    damaged: blobs.damaged,
    masterKey,
  }
  await rm(folder.path(snapshot, WANTED_FILE))
  await folder.finish(snapshot, manifest)
  return { snapshot, manifest, added: blobs.added, addedBytes: blobs.addedBytes }
}

interface WrittenState {
  readonly schema: number
  readonly catalog: WrittenFile
  readonly rows: Manifest['rows']
  /** How many blobs it names. */
  readonly wanted: number
}

/** The rows, and which blobs they name: one state. */
async function writeState(
  { service, onProgress }: BackUpOptions,
  pathOf: (file: string) => string,
): Promise<WrittenState> {
  const rows = await service.rows.open()
  try {
    const schema = await rows.version()
    return await rows.read(async (session) => {
      let counts: Manifest['rows'] = {}
      async function* lines(): AsyncGenerator {
        for await (const line of writeCatalog(session, schema, onProgress)) {
          if (isEnd(line)) counts = line.end
          yield line
        }
      }
      const catalog = await writeLines(pathOf(CATALOG_FILE), lines())
      let wanted = 0
      async function* blobs(): AsyncGenerator {
        for await (const blob of blobsNamed(session)) {
          wanted += 1
          yield [blob.contentId, blob.size, blob.sha256]
        }
      }
      await writeLines(pathOf(WANTED_FILE), blobs())
      return { schema, catalog, rows: counts, wanted }
    })
  } finally {
    await rows.close()
  }
}

function isEnd(line: unknown): line is { readonly end: Manifest['rows'] } {
  return typeof line === 'object' && line !== null && 'end' in line
}

/** Those that somebody holds: what is on the sweep list may be gone any moment, and nobody refers to it. */
export async function* blobsNamed(session: RowSession): AsyncGenerator<WantedBlob> {
  const named = session.stream(`
    SELECT id, size, sha256 FROM contents
    WHERE kind = 'blob' AND NOT EXISTS (SELECT 1 FROM sweep_list WHERE content_id = contents.id)`)
  for await (const rows of named) {
    for (const row of rows) yield wantedOf(row)
  }
}

export function wantedOf([contentId, size, sha256]: readonly unknown[]): WantedBlob {
  return {
    contentId: String(contentId),
    size: Number(size),
    sha256: typeof sha256 === 'string' ? sha256 : null,
  }
}

interface Brought {
  readonly file: WrittenFile
  readonly count: number
  readonly size: number
  readonly damaged: readonly string[]
  readonly added: number
  readonly addedBytes: number
}

interface Bringing {
  readonly folder: BackupFolder
  readonly snapshot: string
  readonly wanted: number
  readonly hold: SweepHold
}

async function bringBlobs(
  { service, openBlobs, onProgress, signal }: BackUpOptions,
  { folder, snapshot, wanted: of, hold }: Bringing,
): Promise<Brought> {
  const to = openBlobs(folder.blobs)
  const copying = { from: service.blobs, to, signal, comparesTarget: false }
  const named = readLines(folder.path(snapshot, WANTED_FILE))
  const brought = inParallel(named, AT_ONCE, async (line) => {
    signal.throwIfAborted()
    hold.requireHeld()
    const wanted = wantedOf(line as readonly unknown[])
    return { wanted, copied: await copyBlob(wanted, copying) }
  })
  const damaged: string[] = []
  let [done, count, size, added, addedBytes] = [0, 0, 0, 0, 0]
  async function* lines(): AsyncGenerator {
    for await (const { wanted, copied } of brought) {
      done += 1
      onProgress({ what: 'blobs', done, of })
      if (copied.outcome === 'damaged') {
        damaged.push(wanted.contentId)
        continue
      }
      count += 1
      size += wanted.size
      if (copied.isNew) {
        added += 1
        addedBytes += wanted.size
      }
      yield [wanted.contentId, wanted.size, copied.sha256]
    }
  }
  try {
    const file = await writeLines(folder.path(snapshot, BLOBS_FILE), lines())
    return { file, count, size, damaged, added, addedBytes }
  } finally {
    await to.close()
  }
}

async function keepMasterKey(
  { service: { masterKeyFile }, withMasterKey }: BackUpOptions,
  path: string,
): Promise<WrittenFile | null> {
  if (!withMasterKey || masterKeyFile === null) return null
  const key = await readFile(masterKeyFile)
  await writeDurably(path, key)
  return { bytes: key.length, sha256: createHash('sha256').update(key).digest('hex') }
}
