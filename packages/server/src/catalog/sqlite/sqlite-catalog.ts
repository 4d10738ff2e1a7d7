/** The catalog in one SQLite file. Several processes may open the same file. */
import type { Clock } from '../../platform/clock.ts'
import { systemClock } from '../../platform/clock.ts'
import { systemRandom } from '../../platform/random.ts'
import type { Catalog } from '../catalog.ts'
import { createSqlCatalog } from '../sql/sql-catalog.ts'
import { createConnection } from './connection.ts'
import type { ConnectionOptions } from './connection.ts'
import { IN_MEMORY } from './open-database.ts'
import { createReserve, NO_RESERVE, RESERVE_BYTES } from './reserve.ts'
import { createSqliteEngine } from './sqlite-engine.ts'

export interface SqliteCatalogOptions extends ConnectionOptions {
  /** The file; it and its folder are made, readable by this user only, if they are missing. `:memory:` for none. */
  readonly path: string
  readonly clock?: Clock
  /** Room set aside for a full disk, 4 MiB unless said otherwise; 0 for none. */
  readonly reserveBytes?: number
}

/** Throws a StoreError if the file cannot be opened, is damaged or was written by a later version. */
export function createSqliteCatalog(options: SqliteCatalogOptions): Catalog {
  const { path, clock = systemClock, reserveBytes = RESERVE_BYTES } = options
  const connection = createConnection(options)
  const reserve = path === IN_MEMORY ? NO_RESERVE : createReserve(path, reserveBytes)
  return createSqlCatalog(createSqliteEngine(connection, reserve), { clock, random: systemRandom })
}
