/** The catalog over any SQL database: all of it but the engine that runs its statements. */
import type { Clock } from '../../platform/clock.ts'
import type { Catalog } from '../catalog.ts'
import { createBucketCatalog } from './buckets.ts'
import { createContentCatalog, createContentScripts } from './contents.ts'
import { createEpochScripts } from './epoch.ts'
import { prepareFileStatements } from './file-statements.ts'
import { createFileCatalog } from './files.ts'
import type { FileScripts } from './files.ts'
import { createFolderCatalog, prepareFolderStatements } from './folders.ts'
import { createGrantCatalog, prepareGrants } from './grants.ts'
import { createKeyCatalog } from './keys.ts'
import type { SqlEngine } from './script.ts'
import { createSweepCatalog } from './sweep.ts'
import { createUploadCatalog } from './uploads.ts'

export function createSqlCatalog(engine: SqlEngine, clock: Clock): Catalog {
  const at = prepareFileStatements(engine)
  const contents = createContentScripts(engine)
  const epoch = createEpochScripts(engine)
  const grants = prepareGrants(engine)
  const folders = prepareFolderStatements(engine)
  const scripts: FileScripts = {
    at,
    contents,
    grants: grants.scripts,
    clock,
  }
  return {
    files: createFileCatalog(engine, scripts),
    contents: createContentCatalog(engine),
    uploads: createUploadCatalog(engine, scripts),
    buckets: createBucketCatalog(engine, folders, epoch),
    folders: createFolderCatalog(engine, folders, epoch),
    grants: createGrantCatalog(engine, grants, epoch),
    keys: createKeyCatalog(engine, epoch),
    sweep: createSweepCatalog(engine),
    close: () => engine.close(),
  }
}
