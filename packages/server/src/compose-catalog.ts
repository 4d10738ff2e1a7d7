/** How the catalog of a server is looked at and opened, wherever it is. */
import { dirname } from 'node:path'
import type { Catalog } from './catalog/catalog.ts'
import { hasPostgresCatalog, openPostgresCatalog } from './catalog/postgres/postgres-catalog.ts'
import { createSqliteCatalog } from './catalog/sqlite/sqlite-catalog.ts'
import type { Config } from './config.ts'
import { requireWholeData, requireWholeFile } from './config/data-directory.ts'
import { findCatalogPlace } from './config/database-url.ts'
import { syncDirectory } from './config/private-files.ts'
import { systemClock } from './platform/clock.ts'
import { waitForDatabase } from './wait-for-database.ts'
import type { Waiting } from './wait-for-database.ts'

export interface CatalogDriver {
  /** Throws `ConfigError` if the data directory does not go with it. */
  check(): Promise<void>
  open(): Promise<Catalog>
}

export function catalogOf(
  config: Config,
  isKeyElsewhere: boolean,
  waiting: Waiting,
): CatalogDriver {
  const { dataDir, databaseConnections: max } = config
  const place = findCatalogPlace(config)
  if (place.kind === 'database') {
    const { url } = place
    return {
      check: async () => {
        const isThere = await waitForDatabase(() => hasPostgresCatalog(url), waiting)
        requireWholeData(dataDir, { name: 'The catalog in the database', isThere, isKeyElsewhere })
      },
      open: () =>
        waitForDatabase(() => openPostgresCatalog({ url, max, clock: systemClock }), waiting),
    }
  }
  const { path } = place
  return {
    check: async () => requireWholeFile(dataDir, path, isKeyElsewhere),
    open: async () => {
      const catalog = createSqliteCatalog({ path, clock: systemClock })
      syncDirectory(dirname(path))
      return catalog
    },
  }
}

/** Other servers may be over the same catalog. */
export function isShared(config: Config): boolean {
  return findCatalogPlace(config).kind === 'database'
}
