/**
 * Looks at the stores of a server that has ended for good: once everything had its time to be cleared away, its blob store holds the bytes
 * that versions hold and no others, and every count of holders is right.
 */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createSqliteCatalog } from '../../packages/server/src/catalog/sqlite/sqlite-catalog.ts'
import { collectOrphans } from '../../packages/server/src/jobs/collect-orphans.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { createContentCache } from '../../packages/server/src/trees/managed/content-cache.ts'
import { createContentHolds } from '../../packages/server/src/trees/managed/content-holds.ts'
import { createDamagedContents } from '../../packages/server/src/trees/managed/damaged-contents.ts'
import { createManagedTree } from '../../packages/server/src/trees/managed/managed-tree.ts'
import { reapUploads } from '../../packages/server/src/jobs/reap-uploads.ts'
import type { Reaping } from '../../packages/server/src/jobs/reap-uploads.ts'
import type { Stores } from '../../packages/server/src/jobs/stores.ts'
import { sweepContents } from '../../packages/server/src/jobs/sweep-contents.ts'
import type { BlobPlace } from './blob-place.ts'

/** After it no upload is open any more, and no blob is young. */
const LATER_MS = 3 * 86_400_000

/** Every fault found, in words. */
export async function checkBytes(dataDir: string, place: BlobPlace): Promise<string[]> {
  const start = Date.now()
  let laterMs = 0
  const clock = { now: () => start + laterMs }
  const path = join(dataDir, 'catalog.db')
  const catalog = createSqliteCatalog({ path, clock })
  const blobs = place.open()
  const files = createManagedTree({
    catalog,
    blobs,
    cache: createContentCache(),
    holds: createContentHolds(),
    damaged: createDamagedContents(catalog.scrub),
    clock,
    random: systemRandom,
  })
  const stores: Stores & Reaping = { catalog, blobs, files, clock, heldAmong: async () => [] }
  try {
    const { signal } = new AbortController()
    // What the uploads give up is swept a while after that.
    for (let days = 1; days <= 2; days += 1) {
      laterMs = days * LATER_MS
      await reapUploads(stores, signal)
      await sweepContents(stores, signal)
    }
    await collectOrphans(stores, signal)
    const stored = new Set<string>()
    for await (const { blobId } of blobs.list()) stored.add(blobId)
    return checkHolders(path, stored)
  } finally {
    await catalog.close()
    await blobs.close()
  }
}

/** Who holds a content, by the tables that name one. */
const HOLDERS = `
  SELECT content_id AS id FROM files
  UNION ALL SELECT content_id FROM versions WHERE content_kind <> 'delete-marker'
  UNION ALL SELECT content_id FROM parts
  UNION ALL SELECT part_id FROM segments`

function checkHolders(path: string, stored: ReadonlySet<string>): string[] {
  const db = new Database(path, { readonly: true })
  try {
    const contents = db.prepare('SELECT id, kind, refs FROM contents').all() as Held[]
    const held = new Map<string, number>()
    for (const { id } of db.prepare(HOLDERS).all() as { id: string }[]) {
      held.set(id, (held.get(id) ?? 0) + 1)
    }
    const counted = contents.filter(({ id, refs }) => refs !== (held.get(id) ?? 0))
    const known = new Set(contents.map(({ id }) => id))
    const blobs = contents.filter(({ kind }) => kind === 'blob')
    const faults = {
      'contents are counted wrongly': counted.map(({ id }) => id),
      'contents are held and not there': [...held.keys()].filter((id) => !known.has(id)),
      'contents are held by nobody': contents.map(({ id }) => id).filter((id) => !held.has(id)),
      'blobs are held and not in the store': blobs
        .map(({ id }) => id)
        .filter((id) => !stored.has(id)),
      'blobs are in the store and held by nobody': [...stored].filter((id) => !held.has(id)),
    }
    return Object.entries(faults).flatMap(([fault, ids]) =>
      ids.length === 0 ? [] : [`${ids.length} ${fault}: ${ids.slice(0, 3).join(', ')}`],
    )
  } finally {
    db.close()
  }
}

interface Held {
  readonly id: string
  readonly kind: string
  readonly refs: number
}
