/** Where the catalog of a server lies that is killed: in its data folder, or in a database that outlives it. */
import { join } from 'node:path'
import { openPostgresCatalog } from '../../packages/server/src/catalog/postgres/postgres-catalog.ts'
import { postgresRowPlace } from '../../packages/server/src/catalog/postgres/postgres-rows.ts'
import type { Catalog } from '../../packages/server/src/catalog/catalog.ts'
import type { RowCatalogPlace } from '../../packages/server/src/catalog/rows/row-catalog.ts'
import { createSqliteCatalog } from '../../packages/server/src/catalog/sqlite/sqlite-catalog.ts'
import { sqliteRowPlace } from '../../packages/server/src/catalog/sqlite/sqlite-rows.ts'
import type { Clock } from '../../packages/server/src/platform/clock.ts'

export interface CatalogPlace {
  /** What the server is told of it. */
  readonly env: Readonly<Record<string, string>>
  /** Other servers may be over the same: what one of them left half-written is cleared away by and by, not at the next start. */
  readonly isShared: boolean
  readonly rows: RowCatalogPlace
  open(clock: Clock): Promise<Catalog>
}

export function inSqlite(dataDir: string): CatalogPlace {
  const path = join(dataDir, 'catalog.db')
  return {
    env: {},
    isShared: false,
    rows: sqliteRowPlace(path),
    open: async (clock) => createSqliteCatalog({ path, clock }),
  }
}

/** In a database that nobody else has. */
export function inPostgres(url: string): CatalogPlace {
  return {
    env: { HALLPASS_DATABASE_URL: url, HALLPASS_DATABASE_CONNECTIONS: '6' },
    isShared: true,
    rows: postgresRowPlace(url),
    open: (clock) => openPostgresCatalog({ url, max: 4, clock }),
  }
}
