/**
 * One signature for many blobs: a container or directory token is signed once and put behind every URL under it.
 *
 * @module
 */

import { percentEncodePath } from '../../lib/percent-encode.ts'
import type { PresignedRequest } from '../../types.ts'
import type { PresignAzureBlobOptions } from './presign.ts'
import type { PresignAzureUserDelegationOptions } from './delegation-options.ts'
import { signDelegationToken } from './presign-user-delegation.ts'
import type { SignedToken } from './signed-token.ts'
import { signServiceToken } from './signed-token.ts'
import { checkName } from './target.ts'

/** What {@link createAzureSigner} needs: a container or a directory, and an account key or a delegation key. */
export type AzureSignerOptions =
  | Omit<PresignAzureBlobOptions, 'blob' | 'snapshot' | 'versionId'>
  | Omit<PresignAzureUserDelegationOptions, 'blob' | 'snapshot' | 'versionId'>

/** A signed token that hands out URLs. It never signs again. */
export interface AzureSigner {
  /** When every URL of this signer stops working; `null` if a stored access policy knows. */
  readonly expiresAt: Date | null
  /** The URL of a blob, by its decoded name from the container on. @throws {RangeError} outside the directory */
  presign(blob: string): PresignedRequest
  /** The URLs, in the same order. A listing of a thousand costs the one signature of the signer. */
  presignAll(blobs: readonly string[]): PresignedRequest[]
}

/**
 * A signer over one container or directory token.
 *
 * Whoever holds one of its URLs can open everything under it: choose the narrowest directory.
 */
export function createAzureSigner(options: AzureSignerOptions): AzureSigner {
  for (const name of ['blob', 'snapshot', 'versionId']) {
    if (name in options)
      throw new TypeError(`${name} must not be given: a signer is for many blobs`)
  }
  const signed =
    'delegationKey' in options ? signDelegationToken(options) : signServiceToken(options)
  return toSigner(signed, options)
}

function toSigner(signed: SignedToken, options: AzureSignerOptions): AzureSigner {
  const { container, directory = '', method = 'GET' } = options
  const { endpoint, query, headers, expires } = signed
  const folder = directory === '' ? '' : `${directory}/`
  const expiresAt = new Date((expires ?? 8_640_000_000_000) * 1000)

  function presign(blob: string): PresignedRequest {
    checkName(blob, 'blob')
    if (!blob.startsWith(folder)) throw new RangeError('blob must lie in the directory')
    const url = `${endpoint}/${container}/${percentEncodePath(blob)}?${query}`
    return { url, method, headers, expiresAt }
  }
  return {
    expiresAt: expires === null ? null : expiresAt,
    presign,
    presignAll: (blobs) => blobs.map((blob) => presign(blob)),
  }
}
