/** Looks up what the page of a refusal may say: only for people, after the refusal is settled, and never more than they may know. */
import { isSigningError } from '@hallpass/signing/errors'
import type { CoreContext } from '../../../core/context.ts'
import { isRefusal } from '../../../core/errors.ts'
import { resolveFolder } from '../../../core/folders/resolve-folder.ts'
import type { ObjectPath } from '../../../core/paths.ts'
import type { CapturedRequest } from '../../../http/capture-request.ts'
import type { S3Face } from '../face.ts'
import type { PageFacts } from './error-page.ts'

export interface Visit {
  readonly raw: CapturedRequest
  readonly path: ObjectPath | null
  readonly error: unknown
}

/** Never rejects: a page that cannot be told more says less. */
export async function findPageFacts(
  { core, authenticate }: Pick<S3Face, 'core' | 'authenticate'>,
  visit: Visit,
): Promise<PageFacts> {
  try {
    return {
      isUploadLink: await isUploadLink(authenticate, visit),
      isPublicFolder: await isPublicFolder(core, visit),
    }
  } catch {
    return { isUploadLink: false, isPublicFolder: false }
  }
}

/** The address holds for PUT, or asks for what only uploads bring: whoever has it may know. */
async function isUploadLink(
  authenticate: S3Face['authenticate'],
  { raw, error }: Visit,
): Promise<boolean> {
  if (!isSigningError(error)) return false
  if (error.code === 'header-missing') return error.details.name === 'content-type'
  if (error.code !== 'signature-mismatch') return false
  try {
    const { verified } = await authenticate({ ...raw, method: 'PUT' })
    return verified?.kind === 'query'
  } catch {
    return false
  }
}

/** Somebody without a key asks for what is no file: the top of a folder that is public. */
async function isPublicFolder(core: CoreContext, { path, error }: Visit): Promise<boolean> {
  if (path === null || path.bucket === '') return false
  const isAnonymous = isRefusal(error, 'unauthenticated')
  const isTop = path.key === '' || path.key.endsWith('/')
  if (!isAnonymous && !(isTop && isRefusal(error, 'file-not-found'))) return false
  const top = isTop ? path.key : `${path.key}/`
  return (await resolveFolder(core, path.bucket, top)).visibility === 'public'
}
