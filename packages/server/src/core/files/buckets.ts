/** Buckets: the top-level folders. A permit for one is for its root: its path has no key. */
import type { BucketRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { isRefusal, refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { callerId } from '../identity.ts'
import { parseNewBucketName } from '../paths.ts'
import { authorize } from '../policy/authorize.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'

/** `exists` if it was there before: in S3 the owner may create a bucket twice. */
export async function createBucket(
  core: CoreContext,
  permit: Permit<'write'>,
): Promise<'created' | 'exists'> {
  const name = parseNewBucketName(permit.path.bucket)
  const createdAt = core.clock.now()
  const bucket: BucketRecord = { name, createdAt, versioning: 'off', settings: {} }
  const created = await changeInEpoch(core, permit, (rights) =>
    core.catalog.buckets.create(bucket, rights),
  )
  if (created) core.log.info({ bucket: name, by: callerId(permit.caller) }, 'bucket created')
  return created ? 'created' : 'exists'
}

/** Throws `bucket-not-found`, `bucket-not-empty`. */
export async function deleteBucket(core: CoreContext, permit: Permit<'delete'>): Promise<void> {
  const { bucket } = permit.path
  const outcome = await changeInEpoch(core, permit, (rights) =>
    core.catalog.buckets.remove(bucket, rights),
  )
  if (outcome === 'missing') throw bucketNotFound(bucket)
  if (outcome === 'not-empty') throw refusal('bucket-not-empty', { bucket })
  core.log.info({ bucket, by: callerId(permit.caller) }, 'bucket deleted')
}

/** Throws `bucket-not-found`. */
export async function findBucket(core: CoreContext, permit: Permit): Promise<BucketRecord> {
  const { bucket } = permit.path
  const found = await core.catalog.buckets.find(bucket)
  if (found === null) throw bucketNotFound(bucket)
  return found
}

/** Throws `bucket-not-found`. */
export async function requireBucket(core: CoreContext, { path }: Permit): Promise<void> {
  if ((await core.catalog.buckets.find(path.bucket)) === null) throw bucketNotFound(path.bucket)
}

/** The buckets within the caller's reach, in byte order. */
export async function listBuckets(
  core: CoreContext,
  permit: Permit<'list'>,
): Promise<readonly BucketRecord[]> {
  const { bucket } = permit.path
  const buckets = await core.catalog.buckets.list()
  return bucket === '' ? buckets : buckets.filter(({ name }) => name === bucket)
}

/** Makes the bucket that a write needs, if there is none and its caller may write at its root. */
export async function createMissingBucket(
  core: CoreContext,
  permit: Permit<'write'>,
): Promise<void> {
  const { bucket } = permit.path
  if ((await core.catalog.buckets.find(bucket)) !== null) return
  try {
    await createBucket(core, await authorize(core, permit.caller, 'write', { bucket, key: '' }))
  } catch (error) {
    if (!isRefusal(error, 'forbidden')) throw error
    const hint = `and this key may not make it: it writes under ${permit.caller.scope.pathPrefix} only`
    throw refusal('bucket-not-found', { bucket, hint }, error)
  }
}

export function bucketNotFound(bucket: string): DomainError<'bucket-not-found'> {
  return refusal('bucket-not-found', { bucket })
}
