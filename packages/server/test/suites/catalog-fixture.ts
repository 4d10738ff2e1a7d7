/** What a driver gives to the catalog suite, and the records its checks start from. */
import assert from 'node:assert/strict'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { FileRecord } from '../../src/catalog/records.ts'

export interface CatalogFixture {
  readonly catalog: Catalog
  /** The same catalog as another process has it open. */
  readonly other: Catalog
  /** What the catalog takes for the time. */
  readonly setNow: (nowMs: number) => void
  readonly dispose: () => Promise<void>
}

export type CheckCatalog = (title: string, body: (fixture: CatalogFixture) => Promise<void>) => void

let serial = 0

export function fileOf(key: string, more: Partial<FileRecord> = {}): FileRecord {
  serial += 1
  return {
    id: `file${serial}`,
    bucket: 'acme',
    key,
    size: 3,
    etag: `etag${serial}`,
    sha256: `sha${serial}`,
    contentType: 'text/plain',
    headers: {},
    metadata: {},
    createdAt: 1000 + serial,
    modifiedAt: 1000 + serial,
    blobId: `blob${serial}`,
    isInline: false,
    ...more,
  }
}

export async function createBuckets(catalog: Catalog, ...names: string[]): Promise<void> {
  for (const name of names) assert.equal(await catalog.buckets.create({ name, createdAt: 1 }), true)
}
