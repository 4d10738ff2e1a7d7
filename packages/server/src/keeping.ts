/** What keeps and moves a whole service, for the command: each takes settings, as a server does. */
import type { Config } from './config.ts'
import { MIGRATIONS } from './catalog/migrations/all.ts'
import { storeConflict } from './platform/store-errors.ts'
import { backUp } from './keep/backup/back-up.ts'
import type { BackUpOptions, BackedUp } from './keep/backup/back-up.ts'
import { checkBackup, restore } from './keep/backup/restore.ts'
import type { Checked, RestoreOptions, Restored } from './keep/backup/restore.ts'
import { copyService } from './keep/copy/copy-service.ts'
import type { CopiedService, CopyServiceOptions } from './keep/copy/copy-service.ts'
import { fsck } from './keep/fsck/fsck.ts'
import type { FsckOptions } from './keep/fsck/fsck.ts'
import type { Found } from './keep/fsck/report.ts'
import type { Service } from './keep/service.ts'
import { NEWEST_SCHEMA, requireCatalog } from './keep/standing-catalog.ts'
import { findService, openBackupFiles, openService } from './open-service.ts'
import { VERSION } from './version.ts'

export type { BackedUp } from './keep/backup/back-up.ts'
export type { Checked, Restored } from './keep/backup/restore.ts'
export type { CopiedService } from './keep/copy/copy-service.ts'
export type { Finding } from './keep/fsck/finding.ts'
export type { Found } from './keep/fsck/report.ts'
export type { FsckOptions } from './keep/fsck/fsck.ts'
export type { OnProgress, Progress } from './keep/service.ts'

/** Where backups lie: a folder, or the address of an object store. */
interface BackupAt {
  readonly at: string
}

export type BackUpWish = Omit<BackUpOptions, 'service' | 'files' | 'version'> & BackupAt
export type RestoreWish = Omit<RestoreOptions, 'files'> & BackupAt

/** Throws `ConfigError` or a StoreError. */
export function backUpService(config: Config, { at, ...wish }: BackUpWish): Promise<BackedUp> {
  return using(openBackupFiles(at), (files) =>
    using(findService(config), (service) => backUp({ ...wish, service, files, version: VERSION })),
  )
}

/** Throws `ConfigError` or a StoreError. */
export function restoreService(config: Config, { at, ...wish }: RestoreWish): Promise<Restored> {
  return using(openBackupFiles(at), (files) =>
    using(openService(config), (service) => restore(service, { ...wish, files })),
  )
}

/** Throws `ConfigError` or a StoreError. */
export function checkServiceBackup({ at, ...wish }: RestoreWish): Promise<Checked> {
  return using(openBackupFiles(at), (files) => checkBackup({ ...wish, files }))
}

/** Throws `ConfigError` or a StoreError. */
export function checkService(config: Config, options: FsckOptions): Promise<Found> {
  return using(findService(config), (service) => fsck(service, options))
}

export type CopyWish = Omit<CopyServiceOptions, 'from' | 'to'>

/** Throws `ConfigError` or a StoreError. */
export function copyServiceTo(from: Config, to: Config, wish: CopyWish): Promise<CopiedService> {
  return using(findService(from), (source) =>
    using(openService(to), (target) => copyService({ ...wish, from: source, to: target })),
  )
}

async function using<Opened extends Pick<Service, 'close'>, Result>(
  opened: Opened,
  work: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

export interface SchemaPlan {
  /** Of the catalog, for people. */
  readonly name: string
  readonly from: number
  readonly to: number
  /** What is to be done, or was, in its order. */
  readonly steps: readonly { readonly version: number; readonly name: string }[]
}

/** What a server of this version does to the catalog when it starts; with `runs`, it is done. Throws `ConfigError` or a StoreError. */
export function migrateService(config: Config, runs: boolean): Promise<SchemaPlan> {
  return using(findService(config), (service) => migrate(service, runs))
}

async function migrate(service: Service, runs: boolean): Promise<SchemaPlan> {
  const { rows, name } = service
  const from = await requireCatalog(service)
  const to = NEWEST_SCHEMA
  if (from > to) {
    throw storeConflict(
      `The catalog ${name} has schema ${from}; this version of Hallpass knows ${to}. Use a newer Hallpass, or restore a backup that the older one made.`,
    )
  }
  const steps = MIGRATIONS.filter(({ version }) => version > from)
  if (runs) await rows.migrate(to)
  return {
    name,
    from,
    to,
    steps: steps.map(({ version, name: what }) => ({ version, name: what })),
  }
}
