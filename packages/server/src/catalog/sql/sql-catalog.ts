/** The catalog over any SQL database: all of it but the engine that runs its statements. */
import type { Catalog } from '../catalog.ts'
import { createAlertCatalog } from './alerts.ts'
import { createBucketCatalog } from './buckets.ts'
import { createContentCatalog, createContentScripts } from './contents.ts'
import { createEpochScripts } from './epoch.ts'
import { createEventCatalog, createEventScripts } from './events.ts'
import type { EventSources } from './events.ts'
import { prepareFileStatements } from './file-statements.ts'
import { createFileCatalog } from './files.ts'
import type { FileScripts } from './files.ts'
import { createFolderCatalog, prepareFolderStatements } from './folders.ts'
import { createGrantCatalog, prepareGrants } from './grants.ts'
import { createKeyCatalog } from './keys.ts'
import { createGuessCatalog } from './guesses.ts'
import { createHeldCatalog } from './held-files.ts'
import { createHeldScripts } from './held-scripts.ts'
import { prepareHeldStatements } from './held-statements.ts'
import { createMountCatalog } from './mounts.ts'
import { createProcessCatalog } from './processes.ts'
import { createInstallationCatalog } from './installation.ts'
import { createSessionCatalog } from './sessions.ts'
import type { SqlEngine } from './script.ts'
import { createQuotaScripts } from './quotas.ts'
import { createSlotScripts } from './slots.ts'
import { createScrubCatalog } from './scrub.ts'
import { createSweepCatalog } from './sweep.ts'
import { createUploadCatalog } from './uploads.ts'
import { createWebhookCatalog } from './webhooks.ts'

export function createSqlCatalog(engine: SqlEngine, sources: EventSources): Catalog {
  const at = prepareFileStatements(engine)
  const contents = createContentScripts(engine)
  const epoch = createEpochScripts(engine)
  const trail = createEventScripts(engine, sources)
  const grants = prepareGrants(engine)
  const quotas = createQuotaScripts(engine)
  const folders = prepareFolderStatements(engine)
  const held = prepareHeldStatements(engine)
  const scripts: FileScripts = {
    at,
    contents,
    grants: grants.scripts,
    held: createHeldScripts({ at: held, contents, trail }, sources),
    trail,
    quotas,
    slots: createSlotScripts(engine),
    clock: sources.clock,
  }
  return {
    files: createFileCatalog(engine, scripts),
    held: createHeldCatalog(engine, { files: scripts, at: held }),
    contents: createContentCatalog(engine),
    uploads: createUploadCatalog(engine, scripts),
    buckets: createBucketCatalog(engine, { folders, quotas, epoch, trail }),
    mounts: createMountCatalog(engine, { files: scripts, epoch }),
    folders: createFolderCatalog(engine, { folders, quotas, epoch, trail }),
    grants: createGrantCatalog(engine, { grants, epoch, trail }),
    guesses: createGuessCatalog(engine),
    keys: createKeyCatalog(engine, { epoch, quotas, trail }),
    sweep: createSweepCatalog(engine),
    events: createEventCatalog(engine, sources),
    alerts: createAlertCatalog(engine, { epoch, trail, grants: grants.scripts }),
    webhooks: createWebhookCatalog(engine, { epoch, trail }),
    processes: createProcessCatalog(engine),
    installation: createInstallationCatalog(engine),
    scrub: createScrubCatalog(engine, trail),
    sessions: createSessionCatalog(engine, trail),
    close: () => engine.close(),
  }
}
