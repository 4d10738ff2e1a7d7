/**
 * Looks at the stores of a server that has ended for good: once everything had its time to be cleared away, its blob store holds the bytes
 * that versions hold and no others, and every count of holders is right.
 */
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
import type { CatalogPlace } from './catalog-place.ts'

/** After it no upload is open any more, and no blob is young. */
const LATER_MS = 3 * 86_400_000

/** Every fault found, in words. */
export async function checkBytes(
  catalogPlace: CatalogPlace,
  blobPlace: BlobPlace,
): Promise<string[]> {
  const start = Date.now()
  let laterMs = 0
  const clock = { now: () => start + laterMs }
  const catalog = await catalogPlace.open(clock)
  const blobs = blobPlace.open()
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
    return await checkHolders(catalogPlace, stored)
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

async function checkHolders(
  { rows }: CatalogPlace,
  stored: ReadonlySet<string>,
): Promise<string[]> {
  const catalog = await rows.open()
  try {
    const { contents, held } = await catalog.read(async (session) => {
      const contents = await session.ask('SELECT id, kind, refs FROM contents')
      const holders = await session.ask(HOLDERS)
      const held = new Map<string, number>()
      for (const [id] of holders) held.set(String(id), (held.get(String(id)) ?? 0) + 1)
      return {
        contents: contents.map(([id, kind, refs]) => ({ id: String(id), kind, refs })),
        held,
      }
    })
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
    await catalog.close()
  }
}
