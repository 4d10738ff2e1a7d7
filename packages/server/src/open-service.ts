/** Names the drivers for those who keep and move whole services, as compose.ts does for a server. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BlobStore } from './blobs/blob-store.ts'
import { createDiskBlobStore } from './blobs/disk/disk-blob-store.ts'
import { openPostgresCatalog } from './catalog/postgres/postgres-catalog.ts'
import { postgresRowPlace } from './catalog/postgres/postgres-rows.ts'
import type { RowCatalogPlace } from './catalog/rows/row-catalog.ts'
import type { Catalog } from './catalog/catalog.ts'
import { createSqliteCatalog } from './catalog/sqlite/sqlite-catalog.ts'
import { sqliteRowPlace } from './catalog/sqlite/sqlite-rows.ts'
import { ConfigError } from './config.ts'
import type { Config } from './config.ts'
import { prepareDataDirectory } from './config/data-directory.ts'
import { findCatalogPlace } from './config/database-url.ts'
import { joinDataLock, lockDataDirectory } from './config/data-lock.ts'
import { isKeptElsewhere } from './config/master-key.ts'
import { MASTER_KEY_FILE } from './config/master-key-file.ts'
import { syncDirectory } from './config/private-files.ts'
import type { Service } from './keep/service.ts'
import { createId } from './platform/ids.ts'
import { systemClock } from './platform/clock.ts'
import { systemRandom } from './platform/random.ts'

/** One that is there already. Throws `ConfigError` or a StoreError if it is not, or cannot be used. Opens no catalog yet. */
export function findService(config: Config): Service {
  const { dataDir } = config
  if (!existsSync(join(dataDir, 'blobs'))) {
    throw new ConfigError([
      `${dataDir} is no data directory of Hallpass. Name that of the server with --data-dir or HALLPASS_DATA_DIR.`,
    ])
  }
  return openService(config)
}

/** The same, whose data directory is made if it is missing. */
export function openService(config: Config): Service {
  const { dataDir } = config
  requireFolder(config.blobs)
  prepareDataDirectory(dataDir)
  const catalog = catalogOf(config)
  return {
    dataDir,
    name: catalog.name,
    rows: catalog.rows,
    blobs: openBlobFolder(join(dataDir, 'blobs')),
    open: async () => {
      const opened = await catalog.open()
      const { blobs } = await opened.installation.claim(createId(systemRandom, 'installation_'))
      try {
        requireFolder(blobs)
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
  }
}

/** What would look for blobs in a folder, and find none of them, must not begin. */
function requireFolder(blobs: string | null): void {
  if (blobs === null) return
  throw new ConfigError([
    `The files of this service lie in the object store ${withoutQuery(blobs)}. This command works on files in a folder: keep a copy of the bucket and of the database by their own means.`,
  ])
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? ''
}

export function openBlobFolder(directory: string): BlobStore {
  return createDiskBlobStore({ directory })
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
