/**
 * Makes a backup of a running service, or of one that stands still. First the state of the catalog at one moment, then every blob that
 * it names, which no sweep takes away meanwhile; blobs that earlier backups brought are left where they are.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { storeConflict } from '../../platform/store-errors.ts'
import { writeCatalog } from '../catalog-lines.ts'
import { copyBlobs } from '../copy-blobs.ts'
import { holdSweep } from '../hold-sweep.ts'
import type { SweepHold } from '../hold-sweep.ts'
import { readLines, writeLines } from '../lines.ts'
import type { WrittenFile } from '../lines.ts'
import type { OnProgress, Service } from '../service.ts'
import { requireSchema } from '../standing-catalog.ts'
import { blobsNamed, wantedOf } from '../wanted-blobs.ts'
import type { WantedBlob } from '../wanted-blobs.ts'
import type { BackupFiles } from './backup-files.ts'
import {
  BACKUP_FORMAT,
  BLOBS_FILE,
  CATALOG_FILE,
  KEY_FILE,
  openBackupFolder,
  textOf,
} from './backup-folder.ts'
import type { BackupFolder, Manifest } from './backup-folder.ts'

export interface BackUpOptions {
  readonly service: Service
  readonly files: BackupFiles
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

const WANTED_FILE = 'wanted.jsonl.gz'

/** Throws a StoreError; what was begun is no backup then. */
export async function backUp(options: BackUpOptions): Promise<BackedUp> {
  const { service, withMasterKey } = options
  if (withMasterKey && service.masterKeyFile === null) {
    throw storeConflict(
      'The master key comes from HALLPASS_MASTER_KEY or HALLPASS_MASTER_KEY_COMMAND, so that no file has it. Leave --with-master-key out, and keep the key where it is kept now.',
    )
  }
  const folder = await openBackupFolder(options.files, true)
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

async function takeSnapshot(
  options: BackUpOptions,
  folder: BackupFolder,
  hold: SweepHold,
): Promise<BackedUp> {
  const { service, files, version } = options
  const takenAt = new Date(service.clock.now())
  const snapshot = await folder.begin(takenAt)
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
  await files.remove(folder.path(snapshot, WANTED_FILE))
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
  { service, files, onProgress }: BackUpOptions,
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
      const write = (file: string) => (body: AsyncIterable<Uint8Array>) =>
        files.write(pathOf(file), body)
      const catalog = await writeLines(write(CATALOG_FILE), lines())
      let wanted = 0
      async function* blobs(): AsyncGenerator {
        for await (const blob of blobsNamed(session)) {
          wanted += 1
          yield [blob.contentId, blob.size, blob.sha256]
        }
      }
      await writeLines(write(WANTED_FILE), blobs())
      return { schema, catalog, rows: counts, wanted }
    })
  } finally {
    await rows.close()
  }
}

function isEnd(line: unknown): line is { readonly end: Manifest['rows'] } {
  return typeof line === 'object' && line !== null && 'end' in line
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
  { service, files, onProgress, signal }: BackUpOptions,
  { folder, snapshot, wanted: of, hold }: Bringing,
): Promise<Brought> {
  const to = files.blobs
  // What a backup left that was killed: its name stands in the way.
  await to.removeLeftovers(service.clock.now())
  async function* named(): AsyncGenerator<WantedBlob> {
    for await (const line of readLines(files.read(folder.path(snapshot, WANTED_FILE))))
      yield wantedOf(line as readonly unknown[])
  }
  const copying = { from: service.blobs, to, signal, comparesTarget: false }
  const brought = copyBlobs(named(), { ...copying, onEach: () => hold.requireHeld() })
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
  const path = folder.path(snapshot, BLOBS_FILE)
  const file = await writeLines((body) => files.write(path, body), lines())
  return { file, count, size, damaged, added, addedBytes }
}

async function keepMasterKey(
  { service: { masterKeyFile }, files, withMasterKey }: BackUpOptions,
  path: string,
): Promise<WrittenFile | null> {
  if (!withMasterKey || masterKeyFile === null) return null
  const key = await readFile(masterKeyFile)
  await files.write(path, textOf(key))
  return { bytes: key.length, sha256: createHash('sha256').update(key).digest('hex') }
}
