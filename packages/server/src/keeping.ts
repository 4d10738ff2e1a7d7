/** What keeps and moves a whole service, for the command: each takes settings, as a server does. */
import type { Config } from './config.ts'
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
