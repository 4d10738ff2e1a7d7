/**
 * Makes URLs with a service SAS: an account key, for one container, blob, snapshot, version or directory.
 *
 * @module
 */

import type { PresignedRequest } from '../../types.ts'
import { presignPlainBlob } from './plain-blob.ts'
import type { AzureServiceOptions, SignedToken } from './signed-token.ts'
import { signServiceToken } from './signed-token.ts'
import type { AzureTokenOptions } from './token.ts'

/** What {@link presignAzureBlob} needs. */
export type PresignAzureBlobOptions = AzureServiceOptions

// A stored access policy may know the end of life: then none is known here.
const UNKNOWN_END = 8_640_000_000_000

/**
 * A URL with a service SAS.
 *
 * With a stored access policy that knows the end of life, `expiresAt` is the last date there is.
 *
 * @throws {TypeError | RangeError} naming the option
 * @throws {SigningError} `key-invalid`
 *
 * @example
 * ```ts
 * const { url } = presignAzureBlob({
 *   account: 'myaccount',
 *   accountKey,
 *   container: 'photos',
 *   blob: 'cats/tom.jpg',
 *   permissions: 'r',
 *   expiresInSeconds: 300,
 * })
 * ```
 */
export function presignAzureBlob(options: PresignAzureBlobOptions): PresignedRequest {
  return presignPlainBlob(options) ?? toRequest(signServiceToken(options), options)
}

/** The request for the path a token was made for. */
export function toRequest(
  { endpoint, target, query, expires, headers }: SignedToken,
  { method = 'GET' }: AzureTokenOptions,
): PresignedRequest {
  return {
    url: `${endpoint}${target.urlPath}?${query}`,
    method,
    headers,
    expiresAt: new Date((expires ?? UNKNOWN_END) * 1000),
  }
}
