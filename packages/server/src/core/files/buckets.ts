/** Buckets: the top-level folders. */
import type { BucketRecord } from '../../catalog/records.ts'
import { isWithin, requireAccess } from '../access.ts'
import type { CoreContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import type { Caller } from '../identity.ts'
import { parseBucketName } from '../paths.ts'
import { bucketNotFound } from './write-file.ts'

/** `exists` if it was there before: in S3 the owner may create a bucket twice. Needs the right to write at its root. */
export async function createBucket(
  core: CoreContext,
  caller: Caller,
  name: string,
): Promise<'created' | 'exists'> {
  const bucket = parseBucketName(name)
  await requireAccess(core, caller, 'write', { bucket, key: '' })
  const created = await core.catalog.buckets.create({ name: bucket, createdAt: core.clock.now() })
  if (created) core.log.info({ bucket }, 'bucket created')
  return created ? 'created' : 'exists'
}

/** Throws `bucket-not-found`, `bucket-not-empty`. */
export async function deleteBucket(
  core: CoreContext,
  caller: Caller,
  bucket: string,
): Promise<void> {
  await requireAccess(core, caller, 'delete', { bucket, key: '' })
  const outcome = await core.catalog.buckets.remove(bucket)
  if (outcome === 'missing') throw bucketNotFound(bucket)
  if (outcome === 'not-empty') {
    throw new DomainError('bucket-not-empty', 'The bucket holds files.', { bucket })
  }
  core.log.info({ bucket }, 'bucket deleted')
}

export async function findBucket(
  core: CoreContext,
  caller: Caller,
  bucket: string,
): Promise<BucketRecord> {
  await requireAccess(core, caller, 'list', { bucket, key: '' })
  const found = await core.catalog.buckets.find(bucket)
  if (found === null) throw bucketNotFound(bucket)
  return found
}

/** The buckets this caller may list, in byte order. */
export async function listBuckets(
  core: CoreContext,
  caller: Caller,
): Promise<readonly BucketRecord[]> {
  const { pathPrefix } = caller.scope
  const [own = ''] = pathPrefix.split('/')
  await requireAccess(core, caller, 'list', { bucket: own, key: pathPrefix.slice(own.length + 1) })
  const buckets = await core.catalog.buckets.list()
  return buckets.filter(({ name }) => own === '' || isWithin(`${own}/`, { bucket: name, key: '' }))
}
