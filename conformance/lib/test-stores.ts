/** Where the server of a test keeps what it keeps. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import type { BlobStore } from '../../packages/server/src/blobs/blob-store.ts'
import { createDiskBlobStore } from '../../packages/server/src/blobs/disk/disk-blob-store.ts'
import type { Catalog } from '../../packages/server/src/catalog/catalog.ts'
import { openPostgresCatalog } from '../../packages/server/src/catalog/postgres/postgres-catalog.ts'
import { createSqliteCatalog } from '../../packages/server/src/catalog/sqlite/sqlite-catalog.ts'
import type { Clock } from '../../packages/server/src/platform/clock.ts'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import { NODES } from './many-nodes.ts'

const IN_POSTGRES = NODES > 1 || process.env['HALLPASS_TEST_CATALOG'] === 'postgres'
const IN_SEAWEED = NODES > 1 || process.env['HALLPASS_TEST_BLOBS'] === 'seaweed'

export const STORAGE = {
  catalog: IN_POSTGRES ? 'postgresql' : 'sqlite',
  blobs: IN_SEAWEED ? 's3' : 'disk',
} as const

/** What a server of its own is told of where something lies. */
export type PlaceSettings = Readonly<Record<string, string>>

export interface TestCatalog {
  readonly catalog: Catalog
  readonly env: PlaceSettings
}

/** In SQLite, or with HALLPASS_TEST_CATALOG=postgres in a database of its own. */
export async function openTestCatalog(dataDir: string, clock: Clock): Promise<TestCatalog> {
  if (!IN_POSTGRES) {
    return { catalog: createSqliteCatalog({ path: join(dataDir, 'catalog.db'), clock }), env: {} }
  }
  const postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const catalog = await openPostgresCatalog({ url, max: 6, clock })
  return { catalog, env: { HALLPASS_DATABASE_URL: url, HALLPASS_DATABASE_CONNECTIONS: '6' } }
}

export interface TestBlobs {
  readonly blobs: BlobStore
  /** Names of all that rests in it or was begun there, in order. */
  readonly listBytes: () => Promise<readonly string[]>
  readonly env: PlaceSettings
}

/** On the disk, or with HALLPASS_TEST_BLOBS=seaweed in a store that this process starts once, below a prefix of its own. */
export async function openTestBlobs(dataDir: string): Promise<TestBlobs> {
  if (IN_SEAWEED) return (await import('./seaweed-blobs.ts')).openSeaweedBlobs()
  const directory = join(dataDir, 'blobs')
  return {
    blobs: createDiskBlobStore({ directory }),
    listBytes: () => listFiles(directory),
    env: {},
  }
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}
