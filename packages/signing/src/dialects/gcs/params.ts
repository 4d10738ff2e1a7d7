/**
 * The names and limits of Google's V4 signatures.
 *
 * @module
 */

import { SigningError } from '../../errors.ts'
import type { V4Scheme } from '../../lib/v4.ts'
import type { V4QueryNames } from '../../lib/v4-query.ts'
import { v4QueryNames } from '../../lib/v4-query.ts'

/** Google's names for what the V4 schemes share. */
export const GCS_SCHEME: V4Scheme = {
  keyPrefix: 'GOOG4',
  terminal: 'goog4_request',
  parameterPrefix: 'X-Goog-',
  headerPrefix: 'x-goog-',
}

export const ALGORITHM_RSA = 'GOOG4-RSA-SHA256'
export const ALGORITHM_HMAC = 'GOOG4-HMAC-SHA256'

/** The two algorithms [GCS-V4-SIGNATURES] string to sign. */
export type GcsAlgorithm = typeof ALGORITHM_RSA | typeof ALGORITHM_HMAC

/** The part of the credential scope that names the service. */
export const SERVICE = 'storage'

/** The parameters every signed URL has. */
export const QUERY_NAMES: V4QueryNames = /* @__PURE__ */ v4QueryNames(GCS_SCHEME)

/** A signed URL or form lives a week at most [GCS-V4-SIGNATURES]. */
export const MAX_EXPIRES_SECONDS = 604_800

/** How far the signer's clock may be ahead. */
export const MAX_SKEW_SECONDS = 900

/** The body is not covered. What a signed URL signs unless told otherwise. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/** The header whose value takes the place of {@link UNSIGNED_PAYLOAD}. */
export const CONTENT_SHA256 = 'x-goog-content-sha256'

/** True for the name of one of the authentication parameters, in any case. */
export function isControlParameter(name: string): boolean {
  return QUERY_NAMES.lower.has(name.toLowerCase())
}

/** A host without its port: Google signs no port, not even one that is not the default [GCS-V4-CANONICAL]. */
export function withoutPort(host: string): string {
  return host.includes(':') ? host.replace(/:\d*$/, '') : host
}

/** The error of a parameter that does not have its form. */
export function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} does not have its form: ${reason}`, {
    parameter,
    reason,
  })
}
