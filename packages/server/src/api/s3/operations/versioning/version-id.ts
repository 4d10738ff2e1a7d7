/** `versionId`, as requests name it and answers tell it [S3-VERSIONING]. */
import { refusal } from '../../../../core/errors.ts'
import type { Permit } from '../../../../core/policy/permit.ts'
import { timeOfId } from '../../../../platform/ids.ts'
import { queryValue } from '../../face.ts'
import type { S3Face, S3Request } from '../../face.ts'

/** Of what was stored while its bucket kept no versions. */
const NULL_VERSION = 'null'

/** `null` asks for the current one. Throws `field-invalid` for what is no version's id. */
export function parseVersionId(request: S3Request): string | null {
  return requireVersionId(queryValue(request, 'versionId'))
}

/** Throws like `parseVersionId`, wherever the id was read. */
export function requireVersionId(text: string | null): string | null {
  if (text === null || text === NULL_VERSION || timeOfId(text, '') !== null) return text
  const reason =
    text === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified'
  throw refusal('field-invalid', { field: 'versionId', reason })
}

/** Says which version the answer is of, where the bucket keeps versions or has kept some. */
export async function pushVersionId(
  headers: string[],
  face: Pick<S3Face, 'core'>,
  permit: Place,
  versionId: string,
): Promise<void> {
  if (await isTold(face, permit, versionId)) headers.push('x-amz-version-id', versionId)
}

/** The same of what was copied. */
export async function pushSourceVersionId(
  headers: string[],
  face: Pick<S3Face, 'core'>,
  permit: Place,
  versionId: string,
): Promise<void> {
  if (await isTold(face, permit, versionId)) headers.push('x-amz-copy-source-version-id', versionId)
}

type Place = Pick<Permit, 'epoch' | 'path'>

async function isTold(
  { core }: Pick<S3Face, 'core'>,
  { epoch, path }: Place,
  versionId: string,
): Promise<boolean> {
  if (versionId !== NULL_VERSION) return true
  const known = core.buckets.traits(epoch, path.bucket)
  const { versioning } = known instanceof Promise ? await known : known
  return versioning !== 'off'
}
