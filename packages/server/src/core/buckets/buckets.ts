/** Buckets: the top-level folders. A permit for one is for its root: its path has no key. */
import type { BucketRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { isRefusal, refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { callerId } from '../identity.ts'
import { parseNewBucketName } from '../paths.ts'
import { MAX_LIST_ENTRIES } from '../limits.ts'
import { authorize } from '../policy/authorize.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import type { Permit } from '../policy/permit.ts'

/** `exists` if it was there before, and stays as it is: in S3 the owner may create a bucket twice. */
export async function createBucket(
  core: CoreContext,
  permit: Permit<'write'>,
  tags: Readonly<Record<string, string>> | null = null,
): Promise<'created' | 'exists'> {
  const name = parseNewBucketName(permit.path.bucket)
  const createdAt = core.clock.now()
  const settings = tags === null ? {} : { tags }
  const bucket: BucketRecord = { name, createdAt, versioning: 'off', settings }
  const created = await changeInEpoch(core, permit, (rights) =>
    core.catalog.buckets.create(bucket, rights),
  )
  if (created) core.log.info({ bucket: name, by: callerId(permit.caller) }, 'bucket created')
  return created ? 'created' : 'exists'
}

/** Pages of open uploads that go with a bucket; more are opened while they are given up. */
const MAX_PAGES = 100

/**
 * As in S3 uploads that are still open go with it: what nobody has completed is no file. Throws `bucket-not-found`,
 * `bucket-not-empty`.
 */
export async function deleteBucket(core: CoreContext, permit: Permit<'delete'>): Promise<void> {
  const { bucket } = permit.path
  const remove = () =>
    changeInEpoch(core, permit, (rights) => core.catalog.buckets.remove(bucket, rights))
  let outcome = await remove()
  for (let pages = 0; outcome === 'has-uploads' && pages < MAX_PAGES; pages += 1) {
    await abortSome(core, permit)
    outcome = await remove()
  }
  if (outcome === 'missing') throw bucketNotFound(bucket)
  if (outcome !== 'removed') throw refusal('bucket-not-empty', { bucket })
  // A bucket of the same name is another one at once, whatever store this one was mounted from.
  await core.keyRing.refresh()
  core.log.info({ bucket, by: callerId(permit.caller) }, 'bucket deleted')
}

async function abortSome(core: CoreContext, permit: Permit<'delete'>): Promise<void> {
  const { bucket } = permit.path
  const { uploads } = core.files
  const hold = holdPermit(core, permit)
  const conditions = async () => ({ epoch: (await hold()).epoch })
  const first = { prefix: '', delimiter: '', after: '', afterUploadId: '' }
  const { entries } = await uploads.list({ bucket, ...first, limit: MAX_LIST_ENTRIES })
  for (const entry of entries) {
    if (entry.kind === 'file') await uploads.abort({ uploadId: entry.file.id, conditions })
  }
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
