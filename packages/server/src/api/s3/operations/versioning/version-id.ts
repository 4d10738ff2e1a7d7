/** `versionId`, as requests name it and answers tell it [S3-VERSIONING]. */
import type { BucketTraits } from '../../../../core/buckets/bucket-cache.ts'
import { refusal } from '../../../../core/errors.ts'
import type { Permit } from '../../../../core/policy/permit.ts'
import { queryValue } from '../../face.ts'
import type { S3Face, S3Request } from '../../face.ts'

/** One of this server's, or such as other servers make: that one is not here, but it is no mistake. */
const VERSION_ID = /^[A-Za-z0-9._-]{20,64}$/
/** Of what was stored while its bucket kept no versions. */
const NULL_VERSION = 'null'

/** `null` asks for the current one. Throws `field-invalid` for what is no version's id. */
export function parseVersionId(request: S3Request): string | null {
  return requireVersionId(queryValue(request, 'versionId'))
}

/** Throws like `parseVersionId`, wherever the id was read. */
export function requireVersionId(text: string | null, field = 'versionId'): string | null {
  if (text === null || text === NULL_VERSION || VERSION_ID.test(text)) return text
  const reason =
    text === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified'
  throw refusal('field-invalid', { field, reason })
}

/**
 * Says which version the answer is of, where the bucket keeps versions or has kept some. There is something to wait for only if nobody
 * knows yet whether it has: every read asks.
 */
export function pushVersionId(
  headers: string[],
  face: Pick<S3Face, 'core'>,
  permit: Place,
  versionId: string,
): Promise<void> | undefined {
  return pushIfTold(headers, ['x-amz-version-id', versionId], isTold(face, permit, versionId))
}

/** Says which version was written. Where the bucket keeps none, or no longer does, S3 leaves it out: a read tells it. */
export function pushWrittenVersionId(headers: string[], versionId: string): void {
  if (versionId !== NULL_VERSION) headers.push('x-amz-version-id', versionId)
}

/** Says which version was copied, as `pushVersionId` does. */
export function pushSourceVersionId(
  headers: string[],
  face: Pick<S3Face, 'core'>,
  permit: Place,
  versionId: string,
): Promise<void> | undefined {
  const header = ['x-amz-copy-source-version-id', versionId] as const
  return pushIfTold(headers, header, isTold(face, permit, versionId))
}

type Place = Pick<Permit, 'epoch' | 'path'>

function pushIfTold(
  headers: string[],
  header: readonly [name: string, value: string],
  told: boolean | Promise<boolean>,
): Promise<void> | undefined {
  if (told instanceof Promise) return pushOnceTold(headers, header, told)
  if (told) headers.push(...header)
  return undefined
}

async function pushOnceTold(
  headers: string[],
  header: readonly [name: string, value: string],
  told: Promise<boolean>,
): Promise<void> {
  if (await told) headers.push(...header)
}

function isTold(
  { core }: Pick<S3Face, 'core'>,
  { epoch, path }: Place,
  versionId: string,
): boolean | Promise<boolean> {
  if (versionId !== NULL_VERSION) return true
  const known = core.buckets.traits(epoch, path.bucket)
  return known instanceof Promise ? known.then(hasVersions) : hasVersions(known)
}

function hasVersions({ versioning }: BucketTraits): boolean {
  return versioning !== 'off'
}
