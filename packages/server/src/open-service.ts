/** Names the drivers for those who keep and move whole services, as compose.ts does for a server. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createDiskBlobStore } from './blobs/disk/disk-blob-store.ts'
import { createStoredBlobStore } from './blobs/stored/stored-blob-store.ts'
import { openPostgresCatalog } from './catalog/postgres/postgres-catalog.ts'
import { postgresRowPlace } from './catalog/postgres/postgres-rows.ts'
import type { RowCatalogPlace } from './catalog/rows/row-catalog.ts'
import type { Catalog } from './catalog/catalog.ts'
import { createSqliteCatalog } from './catalog/sqlite/sqlite-catalog.ts'
import { sqliteRowPlace } from './catalog/sqlite/sqlite-rows.ts'
import { findBlobs, openChainedStore } from './compose-stores.ts'
import { ConfigError } from './config.ts'
import type { Config } from './config.ts'
import { prepareDataDirectory } from './config/data-directory.ts'
import { findCatalogPlace } from './config/database-url.ts'
import { joinDataLock, lockDataDirectory } from './config/data-lock.ts'
import { isKeptElsewhere } from './config/master-key.ts'
import { MASTER_KEY_FILE } from './config/master-key-file.ts'
import { syncDirectory } from './config/private-files.ts'
import type { BackupFiles } from './keep/backup/backup-files.ts'
import { createFilesInFolder } from './keep/backup/files-in-folder.ts'
import { createFilesInStore } from './keep/backup/files-in-store.ts'
import type { Service } from './keep/service.ts'
import { systemClock } from './platform/clock.ts'
import { systemRandom } from './platform/random.ts'

/** One that is there already. Throws `ConfigError` or a StoreError if it is not, or cannot be used. Opens no catalog yet. */
export function findService(config: Config): Service {
  const { dataDir } = config
  // Where an object store has the blobs, and a database the catalog, the directory may hold nothing at all.
  const marks = ['blobs', 'catalog.db', MASTER_KEY_FILE].map((name) => join(dataDir, name))
  const isThere = marks.some(existsSync) || (config.blobs !== null && existsSync(dataDir))
  if (!isThere) {
    throw new ConfigError([
      `${dataDir} is no data directory of Hallpass. Name that of the server with --data-dir or HALLPASS_DATA_DIR.`,
    ])
  }
  return openService(config)
}

/** The same, whose data directory is made if it is missing. */
export function openService(config: Config): Service {
  const { dataDir } = config
  prepareDataDirectory(dataDir, { holdsBlobs: config.blobs === null })
  const catalog = catalogOf(config)
  const found = findBlobs(config, () => undefined)
  return {
    dataDir,
    name: catalog.name,
    rows: catalog.rows,
    blobs: found.blobs,
    blobPlace: { id: found.place, name: found.name, mark: found.mark },
    open: async () => {
      const opened = await catalog.open()
      try {
        await found.claim(opened.installation)
      } catch (error) {
        await opened.close()
        throw error
      }
      return opened
    },
    masterKeyFile: isKeptElsewhere(config) ? null : join(dataDir, MASTER_KEY_FILE),
    lock: async () => {
      // Servers over one database share the directory; one with its catalog there has it to itself.
      const lock = catalog.isShared ? joinDataLock(dataDir) : await lockDataDirectory(dataDir, 0)
      return () => lock.release()
    },
    clock: systemClock,
    random: systemRandom,
    close: () => found.blobs.close(),
  }
}

/** A folder has no scheme; one that no driver knows is refused by name. */
const STORE_URL = /^[a-z][a-z0-9+.-]*:\/\//i

/** `place`: a folder, or the address of an object store. Throws `ConfigError`. */
export function openBackupFiles(place: string): BackupFiles {
  if (!STORE_URL.test(place)) {
    return createFilesInFolder(place, (directory) => createDiskBlobStore({ directory }))
  }
  try {
    const store = openChainedStore(place)
    return createFilesInStore(store, createStoredBlobStore(store, systemRandom))
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'cannot be used'
    throw new ConfigError([`The address of the backup ${reason}.`])
  }
}

interface OpenedCatalog {
  readonly name: string
  readonly isShared: boolean
  readonly rows: RowCatalogPlace
  readonly open: () => Promise<Catalog>
}

function catalogOf(config: Config): OpenedCatalog {
  const place = findCatalogPlace(config)
  if (place.kind === 'database') {
    const { url } = place
    return {
      name: nameOf(url),
      isShared: true,
      rows: postgresRowPlace(url),
      open: () => openPostgresCatalog({ url, max: CONNECTIONS, clock: systemClock }),
    }
  }
  const { path } = place
  return {
    name: path,
    isShared: false,
    rows: sqliteRowPlace(path),
    open: async () => {
      const catalog = createSqliteCatalog({ path, clock: systemClock, reserveBytes: 0 })
      syncDirectory(dirname(path))
      return catalog
    },
  }
}

const CONNECTIONS = 4

/** The machine and the database, without who may and by which password. */
function nameOf(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl)
  return `postgres://${host}${pathname}`
}
