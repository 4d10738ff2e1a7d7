/** Looks up what a refusal may say besides: after it is settled, and never more than whoever has the address may know. */
import { isSigningError } from '@hallpass/signing/errors'
import type { CoreContext } from '../../../core/context.ts'
import { isRefusal } from '../../../core/errors.ts'
import { resolveFolder } from '../../../core/policy/resolve-folder.ts'
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
    const signedMethod = await findSignedMethod(authenticate, visit)
    const isUploadLink = signedMethod === 'PUT' || signedMethod === 'POST' || wantsType(visit)
    return { signedMethod, isUploadLink, isPublicFolder: await isPublicFolder(core, visit) }
  } catch {
    return NO_FACTS
  }
}

/** The same for a program, which is not shown more than a method. */
export async function findRequestFacts(
  { authenticate }: Pick<S3Face, 'authenticate'>,
  visit: Visit,
): Promise<PageFacts> {
  return { ...NO_FACTS, signedMethod: await findSignedMethod(authenticate, visit) }
}

export const NO_FACTS: PageFacts = {
  signedMethod: null,
  isUploadLink: false,
  isPublicFolder: false,
}

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'] as const

/** The method for which the signature of the address holds, if it is another one; `null` if there is none. */
async function findSignedMethod(
  authenticate: S3Face['authenticate'],
  { raw, error }: Visit,
): Promise<string | null> {
  if (!isSigningError(error) || error.code !== 'signature-mismatch') return null
  if (!/[?&]X-Amz-Signature=/i.test(raw.target)) return null
  for (const method of METHODS) {
    if (method !== raw.method && (await holdsFor(authenticate, { ...raw, method }))) return method
  }
  return null
}

async function holdsFor(
  authenticate: S3Face['authenticate'],
  request: CapturedRequest,
): Promise<boolean> {
  try {
    const { verified } = await authenticate(request)
    return verified?.kind === 'query'
  } catch {
    return false
  }
}

/** It asks for what only uploads bring. */
function wantsType({ error }: Visit): boolean {
  return (
    isSigningError(error) &&
    error.code === 'header-missing' &&
    error.details.name === 'content-type'
  )
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
