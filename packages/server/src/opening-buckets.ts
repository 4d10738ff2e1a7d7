/** Buckets of others, for the command: it looks at them, and brings in what lies there. */
import { createStoreDrivers } from './compose-store-drivers.ts'
import { systemClock } from './platform/clock.ts'
import { systemRandom } from './platform/random.ts'
import type { BucketLook, LookOptions } from './stores/bucket-look.ts'
import type { ObjectStore } from './stores/object-store.ts'
import type { StoreAccess, StoreDrivers } from './stores/store-drivers.ts'

export type { BucketFinding, BucketLook } from './stores/bucket-look.ts'
export type { BlobReader } from './blobs/blob-store.ts'
export type { ObjectStore, StoredHead, StoredObject } from './stores/object-store.ts'
export type { StoreAccess } from './stores/store-drivers.ts'

/** Whoever types a command may reach what the machine reaches. */
const EVERYWHERE = ['0.0.0.0/0', '::/0']

/** Throws `StoreUrlError`, or a StoreError if nobody answers. */
export function lookAtBucket(access: StoreAccess, options: LookOptions): Promise<BucketLook> {
  return drivers().look(access, options)
}

/** Connects to nothing yet. Throws `StoreUrlError`. */
export function openBucket(access: StoreAccess): Promise<ObjectStore> {
  return drivers().open(access)
}

function drivers(): StoreDrivers {
  return createStoreDrivers({
    networks: EVERYWHERE,
    onSample: () => undefined,
    clock: systemClock,
    random: systemRandom,
  })
}
