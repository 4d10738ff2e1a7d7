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
  const text = queryValue(request, 'versionId')
  if (text === null || text === NULL_VERSION || timeOfId(text, '') !== null) return text
  const reason =
    text === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified'
  throw refusal('field-invalid', { field: 'versionId', reason })
}

/** Says which version the answer is of, where the bucket keeps versions or has kept some. */
export async function pushVersionId(
  headers: string[],
  { core }: Pick<S3Face, 'core'>,
  { epoch, path }: Pick<Permit, 'epoch' | 'path'>,
  versionId: string,
): Promise<void> {
  if (versionId === NULL_VERSION) {
    const known = core.buckets.traits(epoch, path.bucket)
    const { versioning } = known instanceof Promise ? await known : known
    if (versioning === 'off') return
  }
  headers.push('x-amz-version-id', versionId)
}
