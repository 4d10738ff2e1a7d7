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
import type { Finding } from './keep/fsck/finding.ts'
import { findService, openBlobFolder, openService } from './open-service.ts'
import { VERSION } from './version.ts'

export type { BackedUp } from './keep/backup/back-up.ts'
export type { Checked, Restored } from './keep/backup/restore.ts'
export type { CopiedService } from './keep/copy/copy-service.ts'
export type { Finding } from './keep/fsck/finding.ts'
export type { FsckOptions } from './keep/fsck/fsck.ts'
export type { OnProgress, Progress } from './keep/service.ts'

export type BackUpWish = Omit<BackUpOptions, 'service' | 'openBlobs' | 'version'>
export type RestoreWish = Omit<RestoreOptions, 'openBlobs'>

/** Throws `ConfigError` or a StoreError. */
export function backUpService(config: Config, wish: BackUpWish): Promise<BackedUp> {
  const service = findService(config)
  return backUp({ ...wish, service, openBlobs: openBlobFolder, version: VERSION })
}

/** Throws `ConfigError` or a StoreError. */
export function restoreService(config: Config, wish: RestoreWish): Promise<Restored> {
  return restore(openService(config), { ...wish, openBlobs: openBlobFolder })
}

/** Throws a StoreError. */
export function checkServiceBackup(wish: RestoreWish): Promise<Checked> {
  return checkBackup({ ...wish, openBlobs: openBlobFolder })
}

/** Throws `ConfigError` or a StoreError. */
export function checkService(config: Config, options: FsckOptions): Promise<readonly Finding[]> {
  return fsck(findService(config), options)
}

export type CopyWish = Omit<CopyServiceOptions, 'from' | 'to'>

/** Throws `ConfigError` or a StoreError. */
export function copyServiceTo(from: Config, to: Config, wish: CopyWish): Promise<CopiedService> {
  return copyService({ ...wish, from: findService(from), to: openService(to) })
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
export async function migrateService(config: Config, runs: boolean): Promise<SchemaPlan> {
  const { rows, name } = findService(config)
  const from = await rows.version()
  if (from === null) {
    throw storeConflict(`${name} is no catalog of Hallpass. Check --data-dir and --database-url.`)
  }
  const to = MIGRATIONS.at(-1)?.version ?? 0
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
