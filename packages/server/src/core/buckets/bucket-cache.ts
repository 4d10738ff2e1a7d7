/**
 * What is special about buckets, remembered as long as the epoch in which it was read: every change of a bucket's settings begins
 * another one. A bucket that is not there has nothing special, and neither has one that is made later, until it is changed.
 */
import type { BucketCatalog } from '../../catalog/catalog.ts'
import type { BucketRecord, Versioning } from '../../catalog/records.ts'
import { corsRulesOf } from './bucket-settings.ts'
import type { CorsRule } from './cors-rules.ts'
import { createRecentlyUsed } from '../../platform/recently-used.ts'

const MAX_BUCKETS = 10_000

export interface BucketTraits {
  readonly versioning: Versioning
  /** `null` if none are set. */
  readonly cors: readonly CorsRule[] | null
}

export interface BucketCache {
  /** Answers without waiting what it knows. */
  traits(epoch: number, bucket: string): BucketTraits | Promise<BucketTraits>
}

const ORDINARY: BucketTraits = Object.freeze({ versioning: 'off', cors: null })

export function createBucketCache(buckets: Pick<BucketCatalog, 'find'>): BucketCache {
  const known = createRecentlyUsed<BucketTraits>(MAX_BUCKETS)
  let knownEpoch = Number.NaN

  async function read(epoch: number, name: string): Promise<BucketTraits> {
    const traits = toTraits(await buckets.find(name))
    // What was read in an epoch that has ended meanwhile may be what the new one has changed.
    if (epoch === knownEpoch) known.set(name, traits)
    return traits
  }

  return {
    traits(epoch, bucket) {
      if (epoch !== knownEpoch) {
        known.clear()
        knownEpoch = epoch
      }
      return known.get(bucket) ?? read(epoch, bucket)
    },
  }
}

function toTraits(record: BucketRecord | null): BucketTraits {
  if (record === null) return ORDINARY
  const cors = corsRulesOf(record)
  return cors === null && record.versioning === 'off'
    ? ORDINARY
    : { versioning: record.versioning, cors }
}
