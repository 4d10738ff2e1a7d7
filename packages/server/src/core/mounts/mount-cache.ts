/** Which buckets are mounted, remembered as long as the epoch in which it was read: every mount begins another one. */
import type { MountCatalog } from '../../catalog/mount-steps.ts'
import type { MountRecord } from '../../catalog/records.ts'

export interface MountCache {
  /** `null` for a bucket of this server's own. Answers without waiting what it knows. */
  at(epoch: number, bucket: string): MountRecord | null | Promise<MountRecord | null>
}

type Mounts = ReadonlyMap<string, MountRecord>

export function createMountCache(catalog: Pick<MountCatalog, 'list'>): MountCache {
  let known: { readonly epoch: number; readonly mounts: Mounts } | null = null

  async function read(epoch: number): Promise<Mounts> {
    const records = await catalog.list()
    const mounts = new Map(records.map((record) => [record.bucket, record]))
    // What was read in an epoch that has ended meanwhile may be what the new one has changed.
    if (known === null || known.epoch <= epoch) known = { epoch, mounts }
    return mounts
  }

  return {
    at(epoch, bucket) {
      if (known?.epoch === epoch) return known.mounts.get(bucket) ?? null
      return read(epoch).then((mounts) => mounts.get(bucket) ?? null)
    },
  }
}
