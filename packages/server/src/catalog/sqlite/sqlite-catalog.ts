/** The catalog in one SQLite file. Several processes may open the same file. */
import type { Clock } from '../../platform/clock.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Catalog } from '../catalog.ts'
import { createBucketCatalog } from './buckets.ts'
import type { Connection } from './connection.ts'
import { createFileCatalog } from './files.ts'
import { createFolderCatalog } from './folders.ts'
import { createGrantCatalog } from './grants.ts'
import { createGroupCommit } from './group-commit.ts'
import { createGroupRead } from './group-read.ts'
import { createKeyCatalog } from './keys.ts'
import { openDatabase } from './open-database.ts'
import { createSweepCatalog } from './sweep.ts'

export interface SqliteCatalogOptions {
  /** The file; it and its folder are made, readable by this user only, if they are missing. */
  readonly path: string
  readonly clock?: Clock
}

/** Throws a StoreError if the file cannot be opened, is damaged or was written by a later version. */
export function createSqliteCatalog(options: SqliteCatalogOptions): Catalog {
  const db = openDatabase(options.path)
  const commit = createGroupCommit(db)
  const connection: Connection = {
    db,
    commit,
    lookUp: createGroupRead(db),
    clock: options.clock ?? systemClock,
  }
  return {
    files: createFileCatalog(connection),
    buckets: createBucketCatalog(connection),
    folders: createFolderCatalog(connection),
    grants: createGrantCatalog(connection),
    keys: createKeyCatalog(connection),
    sweep: createSweepCatalog(connection),
    close: async () => {
      await commit.drain()
      db.close()
    },
  }
}
