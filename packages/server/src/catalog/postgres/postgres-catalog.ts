/** The catalog in a PostgreSQL database. Any number of processes, on any number of machines, may open the same one. */
import type { Clock } from '../../platform/clock.ts'
import { systemClock } from '../../platform/clock.ts'
import { systemRandom } from '../../platform/random.ts'
import type { Catalog } from '../catalog.ts'
import { createSqlCatalog } from '../sql/sql-catalog.ts'
import { createConnections } from './connections.ts'
import type { Connections, ConnectionsOptions } from './connections.ts'
import { hasCatalog, migrate } from './migrate.ts'
import { createPostgresEngine } from './postgres-engine.ts'

export interface PostgresCatalogOptions extends ConnectionsOptions {
  readonly clock?: Clock
}

/** Brings the schema up to this version first. Throws a StoreError if the database cannot be used, or a later version wrote it. */
export async function openPostgresCatalog(options: PostgresCatalogOptions): Promise<Catalog> {
  const { url, max, clock = systemClock } = options
  await migratePostgres(url)
  const engine = createPostgresEngine(createConnections(options), max)
  return createSqlCatalog(engine, { clock, random: systemRandom })
}

/** Only that. A step may take long: nothing cuts it short. */
export function migratePostgres(url: string): Promise<void> {
  return onOneConnection({ url, max: 1, answerTimeoutMs: 0 }, migrate)
}

/** Whether somebody has made one there. Throws a StoreError if the database cannot be used. */
export function hasPostgresCatalog(url: string): Promise<boolean> {
  return onOneConnection({ url, max: 1 }, hasCatalog)
}

async function onOneConnection<Result>(
  options: ConnectionsOptions,
  work: (connections: Connections) => Promise<Result>,
): Promise<Result> {
  const connections = createConnections(options)
  try {
    return await work(connections)
  } finally {
    await connections.close()
  }
}
