/** The trees of mounted buckets: each is opened when somebody first asks for its bucket, and anew when it is mounted otherwise. */
import type { Catalog } from './catalog/catalog.ts'
import type { MountRecord } from './catalog/records.ts'
import type { KeyRing } from './core/keys/key-ring.ts'
import type { Sealer } from './core/keys/seal.ts'
import type { MountCache } from './core/mounts/mount-cache.ts'
import { openMountSecret } from './core/mounts/mount-secret.ts'
import type { Clock } from './platform/clock.ts'
import type { ObjectStore } from './stores/object-store.ts'
import type { StoreDrivers } from './stores/store-drivers.ts'
import { createMountedTree } from './trees/mounted/mounted-tree.ts'
import type { MountedTree } from './trees/mounted/mounted-tree.ts'

export interface MountParts {
  readonly catalog: Pick<Catalog, 'mounts' | 'uploads'>
  readonly keyRing: Pick<KeyRing, 'current'>
  readonly mounts: MountCache
  readonly stores: StoreDrivers
  readonly sealer: Sealer
  readonly clock: Clock
}

export interface MountedTrees {
  /** `null` for a bucket of this server's own, and for none. Answers without waiting what it knows. */
  at(bucket: string): MountedTree | null | Promise<MountedTree | null>
  close(): Promise<void>
}

interface OpenMount {
  readonly record: MountRecord
  readonly opened: Promise<{ readonly tree: MountedTree; readonly store: ObjectStore }>
}

export function createMountedTrees(parts: MountParts): MountedTrees {
  const { keyRing, mounts } = parts
  const open = new Map<string, OpenMount>()

  function treeOf(record: MountRecord): Promise<MountedTree> {
    const known = open.get(record.bucket)
    if (known !== undefined && isSame(known.record, record)) {
      return known.opened.then(({ tree }) => tree)
    }
    // The one before is let go and not closed: what is under way on it would be cut. Its idle connections end by themselves.
    const mount: OpenMount = { record, opened: openMount(parts, record) }
    open.set(record.bucket, mount)
    return mount.opened.then(({ tree }) => tree)
  }

  async function find(bucket: string): Promise<MountedTree | null> {
    const { snapshot } = await keyRing.current()
    const record = await mounts.at(snapshot.epoch, bucket)
    return record === null ? null : treeOf(record)
  }

  return {
    at(bucket) {
      const keys = keyRing.current()
      if (keys instanceof Promise) return find(bucket)
      const record = mounts.at(keys.snapshot.epoch, bucket)
      if (record instanceof Promise) return find(bucket)
      return record === null ? null : treeOf(record)
    },
    close: async () => {
      await Promise.all([...open.values()].map(closeMount))
    },
  }
}

async function openMount(
  { catalog, stores, sealer, clock }: MountParts,
  record: MountRecord,
): Promise<{ readonly tree: MountedTree; readonly store: ObjectStore }> {
  const { bucket, url, settings } = record
  const { credentials, cdnKey: key } = openMountSecret(sealer, record)
  const { cdn } = settings
  const front = cdn === undefined || key === undefined ? null : stores.openCdn({ ...cdn, key })
  const store = await stores.open({ url, credentials })
  return { store, tree: createMountedTree({ bucket, store, cdn: front, catalog, clock }) }
}

async function closeMount({ opened }: OpenMount): Promise<void> {
  try {
    await (await opened).store.close()
  } catch {
    // It was never opened, or is gone: nothing of it is left to close.
  }
}

function isSame(a: MountRecord, b: MountRecord): boolean {
  return (
    a.createdAt === b.createdAt &&
    a.url === b.url &&
    JSON.stringify(a.settings) === JSON.stringify(b.settings) &&
    Buffer.compare(a.sealedSecret, b.sealedSecret) === 0
  )
}
