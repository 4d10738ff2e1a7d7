/**
 * Blobs that are known to be damaged, in memory: nothing of them is given out as if it were whole. Every process asks again once a
 * second, so that what one of them found no other serves for longer.
 */
import type { ScrubCatalog } from '../../catalog/scrub-steps.ts'
import { storeCorrupt } from '../../platform/store-errors.ts'

export interface DamagedContents {
  /** Throws a StoreError for a blob that is not what it was. */
  requireWhole(contentId: string): void
  readonly count: number
  refresh(): Promise<void>
}

export function createDamagedContents(scrub: Pick<ScrubCatalog, 'damaged'>): DamagedContents {
  let damaged: ReadonlySet<string> = new Set()
  return {
    requireWhole(contentId) {
      if (damaged.has(contentId)) throw storeCorrupt(`Blob ${contentId} is known to be damaged.`)
    },
    get count() {
      return damaged.size
    },
    async refresh() {
      damaged = new Set((await scrub.damaged()).map((blob) => blob.contentId))
    },
  }
}
